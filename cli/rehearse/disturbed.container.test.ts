/**
 * Small nights on real containers in which parts break, several in one night where what they do is told apart: what the verdict says of each, and that it says nothing of what
 * nobody felt. Nothing acknowledged may be missing, unless a standby lagged; and everything was looked at.
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

const RUN_MS = 600_000
let out: string
beforeAll(() => { out = mkdtempSync(join(tmpdir(), 'disturbed-')) })
afterAll(() => { rmSync(out, { recursive: true, force: true }) })
/** How long a part is away hangs on the machine, and who meets it then on chance: a night is looked at once more, which the runner tells. */
const ONCE_MORE = { retry: 1, timeout: RUN_MS }

beforeEach(({ skip }) => skip(NO_DOCKER !== null, NO_DOCKER ?? ''))

async function disturbed(...faults: string[]) {
  const world = testWorld()
  const before = new Set(readdirSync(out))
  const exitCode = await rehearse(world, { wish: { target: 'containers', runbook: 'night-2026-04-10', profile: 'smoke', faults, seed: 71, timeScale: 400 }, outDirectory: out, language: 'en', json: false })
  const folder = runFolder(join(out, readdirSync(out).find((name) => !before.has(name))!))
  const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
  const result = { exitCode, world, verdict: Verdict.parse(read(folder.verdict)), outcome: RunOutcome.parse(read(folder.outcome)), findings: readLines<unknown>(folder.findings).map((line) => Finding.parse(line)) }
  expect(result.outcome.faults.map(({ id, planted, effective }) => [id, planted, effective]), explain(result)).toEqual(faults.map((fault) => [fault.split(':')[0], true, true]))
  expect(result.exitCode, explain(result)).toBe(1)
  // That none is lost says something only where every system was read and no operation was left open.
  const status = (id: string) => result.verdict.criteria.find((criterion) => criterion.id === id)?.status
  expect([status('valid.systems-read'), status('class.unverified')], explain(result)).toEqual(['pass', 'pass'])
  // Nothing of it reaches the records that the judge reads.
  for (const path of [folder.plan, folder.journal]) for (const fault of faults) expect(readFileSync(path, 'utf8')).not.toContain(fault.split(':')[0])
  return {
    ...result, lost: result.findings.filter((finding) => finding.class === 'lost'),
    named: Object.fromEntries(result.findings.map(({ id, unit }) => [id, unit])),
  }
}

it('network-cut, disk-full, container-pause of a bank, resolver-restart with a stale cache: the edge, the portal on that disk, the bank, the region', ONCE_MORE, async () => {
  const result = await disturbed('network-cut:at=0.3,seconds=5', 'disk-full:at=0.43', 'container-pause:part=bank-vcb,at=0.52,seconds=9', 'resolver-restart:region=south,cache=stale,at=0.66')
  expect(result.named, explain(result)).toMatchObject({ 'sync-connection:edge-new': 'infrastructure', 'unavailable:portal': 'portal-operator', 'bank-timeout:bank-vcb': 'bank', 'dns-uneven:resolver-south': 'infrastructure' })
  expect(Object.keys(result.named).filter((id) => !/^(sync-connection:edge-new|unavailable:portal|(bank-timeout|unavailable):bank-vcb|(dns-uneven|unavailable):resolver-south)$/u.test(id)), explain(result)).toEqual([])
  expect(result.findings.find(({ id }) => id === 'unavailable:portal')!.cause).toContain('No space left on device')
  expect(result.lost, explain(result)).toEqual([])
})

it('container-kill of the portal, then certificate-expired, beside a resolver that forgot all and a network that lost packets: the portal, and the edge with the certificate\'s end', ONCE_MORE, async () => {
  const result = await disturbed('resolver-restart:region=north,cache=empty,at=0.33', 'container-kill:at=0.45', 'certificate-expired:at=0.55,seconds=5', 'network-loss:share=0.4,at=0.66,seconds=6')
  expect(result.named, explain(result)).toEqual({ 'unavailable:portal': 'portal-operator', 'sync-connection:edge-new': 'infrastructure' })
  expect(result.findings.find(({ id }) => id === 'sync-connection:edge-new')!.cause, explain(result)).toMatch(/CERT_HAS_EXPIRED \d+ times.*; the certificate that edge-new showed them had ended at \d{4}-\d\d-\d\dT[\d:]+\+07:00 \(wall clock\)$/u)
  expect(result.verdict.criteria.find(({ id }) => id === 'class.lost')?.status, explain(result)).toBe('pass')
})

it('database-failover to a synchronous standby, then container-stop of the edge: the portal and the edge were away, the portal is read, and nothing is lost', ONCE_MORE, async () => {
  const result = await disturbed('database-failover:at=0.4,seconds=5', 'container-stop:part=edge-new,at=0.62,seconds=4')
  expect(result.named, explain(result)).toEqual({ 'unavailable:portal': 'portal-operator', 'unavailable:edge-new': 'infrastructure' })
  expect(result.verdict.criteria.find(({ id }) => id === 'class.lost')?.status, explain(result)).toBe('pass')
  expect(result.verdict.coverage.verified, explain(result)).toBeGreaterThan(result.verdict.coverage.operations / 2)
})

it('database-failover to a standby that lagged, then container-restart of the edge: what had been acknowledged meanwhile is named as lost, and the edge was away', ONCE_MORE, async () => {
  const result = await disturbed('database-failover:replication=async,at=0.42', 'container-restart:part=edge-new,at=0.68')
  expect(result.named, explain(result)).toMatchObject({ 'unavailable:edge-new': 'infrastructure' })
  const onPortal = result.lost.filter(({ system }) => system === 'portal')
  expect(onPortal.reduce((sum, { count }) => sum + count, 0), explain(result)).toBeGreaterThan(0)
  expect(onPortal.flatMap(({ examples }) => examples).find(({ dossierCode }) => dossierCode !== null)?.statuses, explain(result)).toMatchObject({ portal: 'absent' })
})
