/**
 * Small nights on real containers in which parts break: what the verdict says of it. A cut between partners and edge is named by the incident that it is; a portal that is
 * killed costs answers and not one acknowledged record; a standby that lagged loses some, and the judge names them.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { runFolder } from '../../contracts/run-folder.ts'
import { Finding, RunOutcome, Verdict } from '../../contracts/verdict.ts'
import { NO_DOCKER } from '../../stack/containers/testing/docker-answers.ts'
import { explain, readLines } from '../testing/finished-run.ts'
import { testWorld } from '../testing/world.ts'
import { rehearse } from './index.ts'

const RUN_MS = 400_000
let out: string
beforeAll(() => { out = mkdtempSync(join(tmpdir(), 'disturbed-')) })
afterAll(() => { rmSync(out, { recursive: true, force: true }) })
/** A machine that is busy with something else gives no clean look at what broke. */
const ONCE_MORE = { retry: 1, timeout: RUN_MS }

beforeEach(({ skip }) => skip(NO_DOCKER !== null, NO_DOCKER ?? ''))

async function disturbed(fault: string) {
  const world = testWorld()
  const before = new Set(readdirSync(out))
  const exitCode = await rehearse(world, { wish: { target: 'containers', runbook: 'night-2026-04-10', profile: 'smoke', faults: [fault], seed: 71, timeScale: 400 }, outDirectory: out, language: 'en', json: false })
  const folder = runFolder(join(out, readdirSync(out).find((name) => !before.has(name))!))
  const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
  const result = { exitCode, world, verdict: Verdict.parse(read(folder.verdict)), outcome: RunOutcome.parse(read(folder.outcome)), findings: readLines<unknown>(folder.findings).map((line) => Finding.parse(line)) }
  expect(result.outcome.faults, explain(result)).toMatchObject([{ planted: true, effective: true }])
  // Nothing of it reaches the records that the judge reads.
  for (const path of [folder.plan, folder.journal]) expect(readFileSync(path, 'utf8')).not.toContain(fault.split(':')[0])
  return { ...result, lost: result.findings.filter((finding) => finding.class === 'lost'), named: (id: string) => result.findings.find((finding) => finding.id === id) }
}

it('network-cut: sync-connection, at the edge that partners come to', ONCE_MORE, async () => {
  const result = await disturbed('network-cut:seconds=5')
  expect(result.exitCode, explain(result)).toBe(1)
  expect(result.named('sync-connection:edge-new'), explain(result)).toMatchObject({ unit: 'infrastructure', class: 'incident' })
  expect(result.lost, explain(result)).toEqual([])
  expect(result.verdict.criteria.find(({ id }) => id === 'class.lost')?.status, explain(result)).toBe('pass')
})

it('container-kill: the portal was away, and has all that it acknowledged', ONCE_MORE, async () => {
  const result = await disturbed('container-kill')
  expect(result.exitCode, explain(result)).toBe(1)
  expect(result.named('unavailable:portal'), explain(result)).toMatchObject({ incident: null, unit: 'portal-operator' })
  expect(result.lost, explain(result)).toEqual([])
  expect(result.verdict.criteria.find(({ id }) => id === 'class.lost')?.status, explain(result)).toBe('pass')
})

it('database-failover to a standby that lagged: what it had acknowledged meanwhile is named as lost', ONCE_MORE, async () => {
  const result = await disturbed('database-failover:replication=async')
  expect(result.exitCode, explain(result)).toBe(1)
  const onPortal = result.lost.filter(({ system }) => system === 'portal')
  expect(onPortal.reduce((sum, { count }) => sum + count, 0), explain(result)).toBeGreaterThan(0)
  expect(onPortal.flatMap(({ examples }) => examples).find(({ dossierCode }) => dossierCode !== null)?.statuses, explain(result)).toMatchObject({ portal: 'absent' })
})
