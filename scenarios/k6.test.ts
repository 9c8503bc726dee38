/** The load as a whole: real k6, real sockets, played systems. */
import { beforeAll, describe, expect, test } from 'vitest'
import { parseOp } from '../contracts/op.ts'
import { k6Path, WHY_SKIPPED } from './playground/k6.ts'
import { expectWholeHistory, isStored, ops, play, storedOps, type Played } from './playground/performance.ts'
import { ALL_FLOWS, smallPlan } from './playground/plan.ts'
import { setStage } from './playground/play.ts'
import { json, playSystems } from './playground/systems.ts'

describe.skipIf(!k6Path)(`real k6${k6Path ? '' : ` (skipped: ${WHY_SKIPPED})`}`, () => {
  describe('all flows', () => {
    let played: Played
    beforeAll(async () => { played = await play() })

    test('every step leaves exactly one line, every iteration its lines', () => {
      expectWholeHistory(played)
      const pays = played.lines.filter(({ kind }) => kind === 'payment.create').length
      const counts = Object.fromEntries(Object.entries(Object.groupBy(played.lines, ({ kind }) => kind)).map(([kind, lines]) => [kind, lines!.length]))
      expect(pays).toBeGreaterThan(3)
      expect(counts).toEqual({
        'login': 34, 'service.find': 24, 'dossier.submit': 24, 'sms.send': 24, 'dossier.read': 34, 'logout': 24,
        'payment.create': pays, 'payment.scan': pays, 'payment.read': pays, 'sync.dossier': 47, 'sync.status': 30,
      })
      expect(played.lines.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
    })

    test('what was stored is what was acknowledged', () => {
      expect(storedOps(played).toSorted()).toEqual(ops(played.lines.filter(isStored)))
    })

    test('the Idempotency-Key and the reference in the body are the op', () => {
      for (const { method, op, body } of played.systems.seen) if (method === 'POST' && 'reference' in body) expect(body['reference']).toBe(op)
    })

    test('citizens speak to the portal by its name, through the gateway of their region', () => {
      const fronts = played.systems.seen.filter(({ path }) => /^\/(api|auth\/(?!done))/.test(path))
      expect(fronts.length).toBeGreaterThan(150)
      expect(new Set(fronts.map(({ host }) => host))).toEqual(new Set(['portal.played.test']))
      expect(new Set(played.lines.filter(({ actor }) => actor === 'citizen').map(({ region }) => region))).toEqual(new Set(['north', 'central', 'south']))
    })

    test('those who resolve anew get a new connection for every request; the others keep theirs', () => {
      const cohortOf = new Map(played.lines.map(({ op, cohort }) => [op, cohort]))
      const fronts = played.systems.seen.filter(({ host }) => host === 'portal.played.test')
      const sockets = (cohort: string) => fronts.filter(({ op }) => cohortOf.get(op) === cohort).map(({ socket }) => socket)
      const [fresh, kept] = [sockets('reresolve'), sockets('kept')]
      expect(new Set(fresh).size).toBe(fresh.length)
      expect(new Set(kept).size).toBeLessThan(kept.length / 2)
      expect(fresh.length).toBeGreaterThan(40)
      expect(kept.length).toBeGreaterThan(40)
      expect(new Set(fronts.filter(({ op }) => cohortOf.get(op) === 'reresolve').map(({ connection }) => connection))).toEqual(new Set(['close']))
    })

    test('the first step of an iteration was intended at its place in the rate', () => {
      const first = played.lines.filter(({ op }) => parseOp(op)!.scenario === 'sync-w1').toSorted((a, b) => parseOp(a.op)!.iteration - parseOp(b.op)!.iteration)
      const start = first[0]!.intendedAt
      for (const line of first) expect(Math.abs(line.intendedAt - start - parseOp(line.op)!.iteration * 1_000 / 47)).toBeLessThanOrEqual(1)
    })

    test('the same seed gives the same operations on the same people and dossiers; another seed other ones', async () => {
      const content = ({ lines }: Played) => lines.map(({ op, kind, region, cohort, procedureCode, fields }) => {
        const { transactionCode: _, messageId: __, ...sent } = fields ?? {}
        return JSON.stringify({ op, kind, region, cohort, procedureCode, sent })
      }).toSorted()
      const [again, other] = await Promise.all([play({ seed: 7 }), play({ seed: 8 })])
      expect(content(again)).toEqual(content(played))
      expect(ops(other.lines).filter((op) => ops(played.lines).includes(op))).toEqual([])
    })
  })

  test.concurrent('nothing vanishes when connections break: before the work, after it, and in broken answers', async () => {
    let count = 0
    const played = await play({
      disturb: (seen, response) => {
        if (seen.op === '') return false
        count += 1
        if (count % 7 === 0) { response.destroy(); return true }
        if (count % 11 === 0) { json(response, 500, { error: { code: 'BUG', message: 'oops' } }); return true }
        if (count % 13 === 0) { response.writeHead(201, { 'content-type': 'application/json' }); response.end('{"torn'); return true }
        // The work is done, the answer lost: nobody knows on this side.
        if (count % 5 === 0) { response.end = () => { response.destroy(); return response } }
        return false
      },
    })
    expectWholeHistory(played)
    const outcomes = Object.groupBy(played.lines, ({ outcome }) => outcome)
    expect(outcomes.info!.length).toBeGreaterThan(30)
    expect(outcomes.ok!.length).toBeGreaterThan(30)
    for (const line of outcomes.info!) expect(line.error).toBeTruthy()
    const written = new Set(storedOps(played))
    // A yes is really stored; what is stored was never told to have failed.
    for (const { op } of outcomes.ok!.filter(isStored)) expect(written).toContain(op)
    for (const { op } of outcomes.fail ?? []) expect(written).not.toContain(op)
  })

  test.concurrent('what k6 had to drop is played late: every dossier is pushed all the same', async () => {
    const systems = await playSystems({
      // Two virtual users and 60 ms each: 33 a second can be played, 47 a second are planned.
      disturb: (_, response) => {
        const end = response.end.bind(response)
        response.end = ((text: string) => { setTimeout(() => end(text), 60); return response }) as typeof response.end
        return false
      },
    })
    const plan = smallPlan(systems.target, { scenarios: [ALL_FLOWS[1]!] })
    const stage = await setStage({ ...plan, scenarios: plan.scenarios.map((scenario) => ({ ...scenario, preAllocatedVUs: 2, maxVUs: 2 })) })
    try {
      const { summary } = await stage.run.finished
      expect(summary!.dropped_iterations).toBeGreaterThan(5)
      const lines = await stage.history()
      expect(systems.stored.desk.size).toBe(lines.length)
      expect(lines.map(({ op }) => parseOp(op)!.iteration).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 47 }, (_, at) => at))
      expect(Math.max(...lines.map(({ intendedAt, invokedAt }) => invokedAt - intendedAt))).toBeGreaterThan(200)
    } finally {
      await systems.close()
      await stage.remove()
    }
  })

  test.concurrent('on the old portal: frozen is a no, its numbers become names', async () => {
    const played = await play({
      servedBy: 'legacy',
      disturb: ({ method, path, op }, response) => {
        if (method !== 'POST' || path !== '/api/dossiers' || parseOp(op)!.iteration % 2 === 0) return false
        json(response, 503, { error: { code: 'PORTAL_FROZEN', message: 'frozen' } }, { 'x-served-by': 'legacy' })
        return true
      },
    })
    expectWholeHistory(played)
    const submits = Object.groupBy(played.lines.filter(({ kind }) => kind === 'dossier.submit'), ({ outcome }) => outcome)
    expect(submits.ok).toHaveLength(12)
    expect(submits.fail).toHaveLength(12)
    expect(submits.fail!.every(({ error, system, http }) => error === 'PORTAL_FROZEN: frozen' && system === 'legacy' && http?.status === 503)).toBe(true)
    expect(new Set(played.lines.filter(({ kind, outcome }) => kind === 'dossier.read' && outcome === 'ok').map(({ observed }) => observed))).toEqual(new Set(['newly-registered', undefined]))
  })

  test.concurrent('a redirect out of the target is not followed', async () => {
    let asked = 0
    const played = await play({
      disturb: ({ path }, response) => {
        if (!path.startsWith('/auth/login')) return false
        asked += 1
        json(response, 302, {}, { 'location': asked % 2 ? 'http://192.0.2.1:8080/authorize' : 'https://vneid.example/authorize', 'x-served-by': 'portal' })
        return true
      },
    })
    const logins = played.lines.filter(({ kind }) => kind === 'login')
    expect(logins).toHaveLength(34)
    expect(logins.every(({ outcome, error }) => outcome === 'info' && error!.startsWith('REDIRECT_OUTSIDE_TARGET'))).toBe(true)
    expect(played.end.stderrTail).toContain('REDIRECT_OUTSIDE_TARGET')
  })

  test.concurrent('k6 itself refuses an address outside the allow-list', async () => {
    const systems = await playSystems()
    const outside = systems.target.systems.map((system) => (system.role === 'partner' ? { ...system, url: 'http://192.0.2.1:8080' } : system))
    const stage = await setStage(smallPlan({ ...systems.target, systems: outside }, { scenarios: [ALL_FLOWS[1]!] }))
    try {
      await stage.run.finished
      const lines = await stage.history()
      expect(lines).toHaveLength(47)
      expect(lines.every(({ outcome, error }) => outcome === 'info' && error === 'ip is blacklisted (1110)')).toBe(true)
    } finally {
      await systems.close()
      await stage.remove()
    }
  })
})

