/** Pass 2 names every canary on a sound run and on a failing one, and says so where a checker is blind or sees too much. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cleanRun, smallRun } from '../judge/clean-run.ts'
import { nameOperations } from '../judge/case.ts'
import { withCase } from '../judge/index.ts'
import { inDirectory } from '../judge/judged.ts'
import { RunBuilder } from '../judge/run-builder.ts'
import { selfcheck, selfcheckCase } from './index.ts'

const filesOf = (directory: string) => readdirSync(join(directory, 'evidence')).map((name) => readFileSync(join(directory, 'evidence', name), 'utf8'))

describe('the selfcheck', () => {
  it('names two canaries of each mutation, the same ones again, and leaves the evidence as it was', async () => {
    await inDirectory(cleanRun(), async (directory) => {
      const before = filesOf(directory)
      const file = await selfcheck(directory)
      expect(file).toMatchObject({ status: 'pass', surplus: 0, note: '10 canaries, each named, nothing else' })
      expect(file.canaries.map((canary) => canary.mutation)).toEqual(['stale', 'stale', 'misroute', 'misroute', 'alter', 'alter', 'double', 'double', 'drop', 'drop'])
      expect(new Set(file.canaries.map((canary) => canary.op)).size).toBe(10)
      expect(await selfcheck(directory)).toEqual(file)
      expect(filesOf(directory)).toEqual(before)
    })
  })

  it('chooses others for another plan', async () => {
    const ops = async (seed: number) => inDirectory(cleanRun({ seed, counts: { 'sync-w1': 60 } }), async (directory) => (await selfcheck(directory)).canaries.map((canary) => canary.op.split('.').slice(0, 3).join('.')).join())
    expect(await ops(1)).not.toBe(await ops(2))
  })

  it('works on a run that has findings of its own', async () => {
    const run = cleanRun()
    run.drop('portal', run.opOf('sync-w1', 3, 'push'))
    run.drop('coordination', run.opOf('sync-w1', 4, 'push'))
    expect(await inDirectory(run, selfcheck)).toMatchObject({ status: 'pass', surplus: 0 })
  })

  it('is inconclusive where a canary is not named', async () => {
    await inDirectory(cleanRun(), (directory) => withCase(directory, async (kase) => {
      const file = await selfcheckCase(kase, async (db) => {
        await nameOperations(db)
        await db.run(`DELETE FROM named WHERE class = 'duplicate'`)
      })
      expect(file).toMatchObject({ status: 'inconclusive', surplus: 0, note: '2 of 10 canaries not named (double-1, double-2); 0 operations named beside them' })
      expect(file.canaries.filter((canary) => !canary.named)).toHaveLength(2)
    }))
  })

  it('is inconclusive where something else is named', async () => {
    await inDirectory(cleanRun(), (directory) => withCase(directory, async (kase) => {
      const file = await selfcheckCase(kase, async (db) => {
        await nameOperations(db)
        await db.run(`INSERT INTO named SELECT min(id), 'lost', min(file0) FROM ops WHERE kind = 'sms.send' AND id NOT IN (SELECT id FROM named)`)
      })
      expect(file).toMatchObject({ status: 'inconclusive', surplus: 1 })
    }))
  })

  it('is inconclusive on a run without any record', async () => {
    expect(await inDirectory(new RunBuilder(), selfcheck)).toMatchObject({ status: 'inconclusive', canaries: [] })
  })

  it('goes without the mutations that have no candidate', async () => {
    const run = smallRun({ counts: { 'status-w1': 0 } })
    expect((await inDirectory(run, selfcheck)).canaries.some((canary) => canary.mutation === 'stale')).toBe(false)
  })
})
