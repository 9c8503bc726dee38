/**
 * How long a judging takes and how much memory, at 100,000 and 1,000,000 operations against six systems with as many records each (one of them
 * old records that only the baseline explains, one a log). Run folders are generated in a temporary directory; each judging runs in a process of its own, whose
 * peak memory is the kernel's figure. Out: one JSON object with both runs and their ratio (10 = linear).
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { dossierCode } from '../../contracts/ids.ts'
import { deriveOp } from '../../contracts/op.ts'
import { RecordWriter } from '../../contracts/record-file.ts'
import { runFolder } from '../../contracts/run-folder.ts'
import { judge } from './index.ts'
import { RunBuilder } from './run-builder.ts'

export type JudgeBench = {
  operations: number; records: number; megabytes: number; wallMs: number; cpuMs: number; peakRssMb: number; verdict: string
}

export async function benchJudge(sizes: readonly number[] = [100_000, 1_000_000]): Promise<{ runs: JudgeBench[]; wallRatio: number; limits: { wallMs: number; peakRssMb: number }; held: boolean }> {
  const runs: JudgeBench[] = []
  for (const operations of sizes) {
    const directory = mkdtempSync(join(tmpdir(), 'tongduyet-bench-'))
    try {
      const { records, megabytes } = generateRun(directory, operations)
      const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, directory])
      runs.push({ operations, records, megabytes, ...JSON.parse(stdout) })
    } finally { rmSync(directory, { recursive: true, force: true }) }
  }
  const limits = { wallMs: 12_000, peakRssMb: 1_200 }
  const last = runs.at(-1)!
  return { runs, wallRatio: Number((last.wallMs / runs[0]!.wallMs).toFixed(2)), limits, held: last.wallMs <= limits.wallMs && last.peakRssMb <= limits.peakRssMb }
}

/** A night of synced dossiers only, written line by line. */
export function generateRun(directory: string, operations: number): { records: number; megabytes: number } {
  const run = new RunBuilder({ partners: ['justice'], counts: { 'citizens-old': 1, 'lookups': 1, 'citizens-new': 1, 'sync-w1': operations, 'status-w1': 1 } })
  run.plan.scenarios = run.plan.scenarios.filter((scenario) => scenario.name === 'sync-w1')
  run.plan.scenarios[0]!.maxVUs = operations
  run.plan.runbook.steps = run.plan.runbook.steps.filter((entry) => !('do' in entry && Object.keys(entry.do)[0]!.startsWith('migration.')))
  run.plan.runbook.steadyState = []
  run.journal.splice(0, run.journal.length, ...run.journal.filter((entry) => !(entry.kind === 'step' && entry.action.startsWith('migration.'))))
  run.load['history_lines'] = operations
  run.served['partner-justice'] = operations
  run.served['portal'] = operations
  const systems = ['portal', 'coordination', 'partner-justice', 'edge-new', 'edge-old', 'legacy']
  const written = [...systems, 'legacy.baseline']
  const files = new Map(written.map((name) => [name, run.evidence.get(name)!]))
  for (const name of written) run.evidence.delete(name)
  run.history.clear()
  run.evidence.set('load-w1', { mode: 'final', beganAt: run.beganAt, rows: Object.entries({ 'metric/dropped_iterations': 0, 'metric/history_lines': operations, 'exit/code': 0, 'stderr/failed-writes': 0 }).map(([key, value]) => ({ key, fields: { value }, seenAt: run.beganAt })) })
  run.write(directory)

  const folder = runFolder(directory)
  mkdirSync(folder.evidence, { recursive: true })
  const history = new RecordWriter(folder.historyOf('w1'))
  const evidence = new Map([...files].map(([name, file]) => {
    const writer = new RecordWriter(`${folder.evidence}/${name}.ndjson`)
    writer.write({ v: 1, system: name.replace('.baseline', ''), readId: name, mode: file.mode, beganAt: file.beganAt })
    return [name, { writer, seenAt: file.beganAt + 5 }]
  }))
  const { startMs, durationMs } = run.plan.scenarios[0]!
  const sha = (text: string) => createHash('sha256').update(text).digest('hex')
  const add = (name: string, row: Record<string, unknown>) => { const { writer, seenAt } = evidence.get(name)!; writer.write({ ...row, seenAt }) }
  for (let i = 0; i < operations; i += 1) {
    const op = deriveOp(sha, run.plan.seed, 'sync-w1', i, 'push')
    const code = dossierCode('G08', '260410', i + 1)
    const fields = { applicantName: `Người Thử ${i} Nguyễn Văn`, procedureCode: '9.900005', unitCode: 'G08' }
    const at = Math.floor(run.beganAt + startMs + durationMs * i / operations)
    history.write({ v: 1, op, attempt: 1, trace: `sync-w1.${i}`, kind: 'sync.dossier', flow: 'dossier-sync', step: 'push', actor: 'partner', region: 'north', worker: 'w1', cohort: 'kept', phase: 'sync', intendedAt: at, invokedAt: at + 1, completedAt: at + 21, outcome: 'ok', system: 'partner-justice', dossierCode: code, procedureCode: '9.900005', unitCode: 'G08', fields: { ...fields, partner: 'justice' } })
    add('portal', { key: `dossier/${code}`, op, status: 'received', fields: { ...fields, partner: 'justice', origin: 'synced', legacyCode: null, feeVnd: 0 }, sourceAt: at + 20 })
    add('coordination', { key: `dossier/${code}`, op, status: 'received', fields, sourceAt: at + 60 })
    add('partner-justice', { key: `dossier/${code}`, op, status: 'received', fields: { ...fields, origin: 'desk', sync: 'acknowledged' }, sourceAt: at })
    add('edge-new', { key: `request/${i + 1}`, op, status: '201', fields: { method: 'POST', path: '/sync/v1/dossiers', partner: 'justice', ms: 9, remote: '127.64.7.1' } })
    for (const file of ['legacy', 'legacy.baseline']) add(file, { key: `dossier/G08.2025.${String(i).padStart(6, '0')}`, status: '9', fields: { applicantName: fields.applicantName, feeVnd: 8_000 } })
    add('edge-old', { key: `request/${i + 1}`, status: '200', fields: { method: 'GET', path: '/', region: 'north', ms: 3, remote: '127.64.4.1' } })
  }
  const endedAt = run.beganAt + run.plan.durationMs + 30_000
  history.close(endedAt)
  for (const { writer } of evidence.values()) writer.close(endedAt)
  const bytes = [folder.evidence, folder.history].flatMap((path) => readdirSync(path).map((name) => statSync(join(path, name)).size)).reduce((sum, size) => sum + size, 0)
  return { records: operations * systems.length, megabytes: Math.round(bytes / 1e6) }
}

if (process.argv[1] === import.meta.filename) {
  const started = performance.now()
  const { verdict } = await judge(process.argv[2]!)
  const cpu = process.cpuUsage()
  process.stdout.write(JSON.stringify({ wallMs: Math.round(performance.now() - started), cpuMs: Math.round((cpu.user + cpu.system) / 1_000), peakRssMb: Math.round(process.resourceUsage().maxRSS / 1_024), verdict: verdict.verdict }))
}
