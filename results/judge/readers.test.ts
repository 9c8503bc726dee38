/** What a target's readers let the judge say: a system that nobody reads makes what it should hold `unverified` and is named; one that is absent is owed nothing. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { smallRun } from './clean-run.ts'
import { criterionOf, judged, notPassed } from './judged.ts'
import type { RunBuilder } from './run-builder.ts'

/** Without reader and administration interface, and without what a read would have left. */
function unreadBy(run: RunBuilder, id: string): (directory: string) => void {
  const { admin: _, ...system } = run.plan.target.systems.find((one) => one.id === id)!
  run.plan.target.systems.splice(run.plan.target.systems.findIndex((one) => one.id === id), 1, { ...system, mode: 'real' })
  run.evidence.delete(id)
  run.evidence.delete(`${id}.baseline`)
  return (directory) => { for (const name of [id, `${id}.baseline`]) rmSync(join(directory, 'evidence', `${name}.ndjson`), { force: true }) }
}

describe('a system without a reader', () => {
  it.each(['coordination', 'sms', 'bank-vcb', 'portal'])('%s: what it should hold is unverified, it is named, and nothing is called lost', async (id) => {
    const run = smallRun()
    const remove = unreadBy(run, id)
    const judgement = await judged(run, remove)
    expect(judgement.verdict.verdict).toBe('inconclusive')
    expect(judgement.findings).toEqual([])
    expect(criterionOf(judgement, 'class.unverified')).toMatchObject({ status: 'inconclusive', observed: expect.stringMatching(/^[1-9]/) })
    expect(criterionOf(judgement, 'valid.systems-read')).toEqual({ status: 'inconclusive', observed: `without a reader, so that nothing of what they hold is verified: ${id}` })
    expect(judgement.verdict.coverage.systemsRead).not.toContain(id)
    expect(judgement.verdict.coverage.verified).toBeLessThan(judgement.verdict.coverage.operations)
  })
})

describe('a system that is absent', () => {
  it('is owed no copy', async () => {
    const run = smallRun()
    const remove = unreadBy(run, 'sms')
    const system = run.plan.target.systems.find(({ id }) => id === 'sms')!
    system.mode = 'absent'
    const judgement = await judged(run, remove)
    expect(criterionOf(judgement, 'class.unverified')).toMatchObject({ status: 'pass', observed: '0' })
    expect(notPassed(judgement)).toEqual([])
  })

  it('a partner of a plan likewise, whether the target names it or not', async () => {
    const run = smallRun()
    // What citizens submit is due at the partner that handles it.
    const remove = unreadBy(run, 'partner-ha-noi')
    run.plan.target.systems = run.plan.target.systems.filter(({ id }) => id !== 'partner-ha-noi')
    for (const partner of run.plan.partners) if (partner.id === 'ha-noi') partner.mode = 'absent'
    const judgement = await judged(run, remove)
    expect(judgement.findings.filter((finding) => finding.class !== 'unexpected' && finding.system === 'partner-ha-noi')).toEqual([])
    expect(criterionOf(judgement, 'class.unverified').observed).toBe('0')
  })
})
