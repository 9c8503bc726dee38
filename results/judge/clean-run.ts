/** A clean night in a run folder: every planned iteration of a sample plan with all its records, and old dossiers with their copies. */
import type { SamplePlanOptions } from './sample-plan.ts'
import { RunBuilder } from './run-builder.ts'

export function cleanRun(options: SamplePlanOptions & { oldDossiers?: number } = {}): RunBuilder {
  const run = new RunBuilder(options)
  const count = (name: string) => run.plan.scenarios.find((scenario) => scenario.name === name)!.count
  for (let i = 0; i < count('citizens-old'); i += 1) {
    run.login('citizens-old', i)
    run.line('citizens-old', i, 'find')
    const { dossierCode } = run.submit('citizens-old', i)
    run.sms('citizens-old', i, { dossierCode })
  }
  for (let i = 0; i < count('lookups'); i += 1) {
    run.login('lookups', i)
    run.line('lookups', i, 'read', { dossierCode: `H01.2026.90000${i}`, observed: 'newly-registered' })
  }
  for (let i = 0; i < count('sync-w1'); i += 1) run.sync(i)
  for (let i = 0; i < count('status-w1'); i += 1) {
    run.status(i, 'in-process')
    run.status(i, 'done')
  }
  for (let i = 0; i < count('citizens-new'); i += 1) {
    run.login('citizens-new', i)
    run.line('citizens-new', i, 'find')
    const { dossierCode } = run.submit('citizens-new', i)
    run.pay(i)
    run.line('citizens-new', i, 'pay-read', { dossierCode, observed: 'paid' })
    run.sms('citizens-new', i, { dossierCode })
    run.line('citizens-new', i, 'read', { dossierCode, observed: 'received' })
  }
  for (let number = 0; number < (options.oldDossiers ?? 10); number += 1) run.legacyDossier(number)
  return run
}

/** The smallest night that has something of every kind: three iterations a scenario. */
export function smallRun(options: SamplePlanOptions = {}): RunBuilder {
  return cleanRun({ ...options, oldDossiers: 3, counts: { 'citizens-old': 3, 'lookups': 2, 'citizens-new': 3, 'sync-w1': 4, 'status-w1': 3, ...options.counts } })
}
