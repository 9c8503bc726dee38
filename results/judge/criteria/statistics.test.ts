/** What the statistics system reports, against records that were written by hand. */
import { describe, expect, it } from 'vitest'
import { countryRun } from '../country-run.ts'
import { criterionOf, judged } from '../judged.ts'
import type { RunBuilder } from '../run-builder.ts'

const ID = 'figures.statistics'
const set = (run: RunBuilder, name: string, change: (value: number) => number) => {
  const row = run.rows('statistics').find((candidate) => candidate.key === `figure/${name}`)!
  row.fields['value'] = change(Number(row.fields['value']))
}
async function told(prepare: (run: RunBuilder) => void, before: (run: RunBuilder) => void = () => {}): Promise<{ status: string; observed: string }> {
  const run = countryRun({}, before)
  prepare(run)
  return criterionOf(await judged(run), ID)
}

describe('reported figures', () => {
  it('pass where they are the records', async () => { expect(await told(() => {})).toEqual({ status: 'pass', observed: '36 figures, all right' }) })

  it('fail where the parts are not the whole, both named with their values', async () => {
    const { status, observed } = await told((run) => { set(run, 'dossiers.synced', (value) => value + 1) })
    expect(status).toBe('fail')
    expect(observed).toBe('wrong: dossiers.total is 15, its parts dossiers.direct + dossiers.synced + dossiers.migrated are 16')
  })

  it.each(['dossiers.total', 'sms.delivered', 'money.paidVnd', 'feedback.answered', 'refunds'])('fail where %s is not what its system holds', async (name) => {
    const { status, observed } = await told((run) => { set(run, name, (value) => value + 2) })
    expect(status).toBe('fail')
    expect(observed).toMatch(new RegExp(`${name} is \\d+, [a-z]+ holds \\d+`))
  })

  it('fail where report and records agree on more than anybody was told', async () => {
    const { status, observed } = await told(() => {}, (run) => {
      const line = run.history.get('w1')!.find((candidate) => candidate.step === 'feedback-send')!
      line.outcome = 'fail'
    })
    expect(status).toBe('fail')
    expect(observed).toContain('feedback.total has 4 of this run, 3 were acknowledged and 0 have no known end')
  })

  it('pass where the end of one is not known, counted or not', async () => {
    for (const kept of [true, false]) {
      expect((await told(() => {}, (run) => {
        const line = run.history.get('w1')!.find((candidate) => candidate.step === 'feedback-answer')!
        line.outcome = 'info'
        if (!kept) for (const system of ['feedback', 'portal']) run.drop(system, line.op)
      })).status).toBe('pass')
    }
  })

  it('count what was there before as the records do', async () => {
    expect((await told(() => {}, (run) => {
      for (const file of ['coordination', 'coordination.baseline']) run.record(file, 'dossier/H01-250101-000001', undefined, 'received', { applicantName: 'Người Thử 1 Nguyễn Văn', procedureCode: '9.900001', unitCode: 'H01' })
    })).status).toBe('pass')
  })

  it('are inconclusive where they were not read, are none, or were read while something was under way', async () => {
    expect((await told((run) => { run.evidence.delete('statistics') })).status).toBe('inconclusive')
    expect((await told((run) => { run.rows('statistics').length = 0 })).status).toBe('inconclusive')
    expect((await told((run) => {
      set(run, 'sms.sent', (value) => value - 1)
      run.journal.find((entry) => entry.kind === 'run' && entry.event === 'drained' && Object.assign(entry, { note: 'not drained' }))
    })).status).toBe('inconclusive')
  })
})
