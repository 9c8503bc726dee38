/**
 * The WAF incident on an edge with real OWASP rules, by the product's own parts: the fault is planted through the administration interface, ordinary pushes are
 * blocked, the witness counts them; the runbook's tuning lets them pass again and proves that attacks are still blocked; healing puts back what was.
 */
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { personOf } from '../contracts/reference/people.ts'
import { isGate, Runbook } from '../contracts/runbook.ts'
import type { Target } from '../contracts/target.ts'
import { createAdminClient, type AdminClient } from '../cutover/admin-client.ts'
import { systemClock } from '../cutover/clock.ts'
import { createStage, TARGET } from '../cutover/engine/stage.ts'
import { FAULTS, parseFault } from '../cutover/faults/index.ts'
import type { FaultContext } from '../cutover/faults/fault.ts'
import { newNightState } from '../cutover/state.ts'
import type { StepContext } from '../cutover/steps/step-action.ts'
import { wafTuneStep } from '../cutover/steps/waf-tune.ts'
import { TRAPS } from '../scenarios/cast/notes.ts'
import { edgeSpec } from '../stack/containers/edge/spec.ts'
import { bridgeGateway, describeWithDocker } from '../stack/containers/testing/docker-answers.ts'
import { startPart, type StartedPart } from '../stack/containers/testing/start-part.ts'

const PUSHES = 30
const night = Runbook.parse(parse(readFileSync(new URL('../cutover/runbooks/night-2026-04-10.yaml', import.meta.url), 'utf8')))
const tuning = night.steps.flatMap((entry) => isGate(entry) ? [] : entry.do['waf.tune'] ?? [])[0]

describeWithDocker('waf-blocks-sync on nginx with ModSecurity', () => {
  let portal: Server
  let edge: StartedPart
  let client: AdminClient
  let target: Target
  beforeAll(async () => {
    portal = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
      const known = request.url!.startsWith('/sync/v1/dossiers')
      request.resume().once('end', () => response.writeHead(known ? 201 : 404, { 'x-served-by': 'portal' }).end('{}'))
    }).listen(0, await bridgeGateway())
    await once(portal, 'listening')
    const { address, port } = portal.address() as { address: string; port: number }
    edge = await startPart(edgeSpec({ id: 'edge-new', upstream: `http://${address}:${port}`, origins: { [address]: { region: null, partner: 'justice' } } }, []))
    target = {
      ...TARGET, addresses: { ...TARGET.addresses, new: edge.host }, allow: [...TARGET.allow, edge.host],
      systems: TARGET.systems.map((system) => system.id === 'edge-new' ? { ...system, url: `http://${edge.host}:8080`, admin: `http://${edge.host}:9090` } : system),
    }
    client = createAdminClient({ target })
  }, 300_000)
  afterAll(async () => { await client?.close(); await edge?.close(); portal?.closeAllConnections(); portal?.close() })

  /** How many of a partner's pushes of a night are blocked: names, and notes with what careless rules trip over. */
  async function blockedPushes(): Promise<number> {
    let blocked = 0
    for (let n = 0; n < PUSHES; n += 1) {
      const person = personOf(n * 7_919)
      const body = JSON.stringify({ reference: `sync-w1.${n}.push.0123456789`, dossierCode: `G01-260410-${n}`, procedureCode: '9.900001', unitCode: 'G01', applicantId: person.personId, applicantName: person.name, applicantBirthDate: person.birthDate, status: 'received', submittedAt: 1, note: TRAPS[n % TRAPS.length] })
      const { status } = await fetch(`http://${edge.host}:8080/sync/v1/dossiers`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
      blocked += Number(status === 403)
    }
    return blocked
  }
  const tuningNow = async () => { const { exclusions, strict, paranoia } = await edge.control({ action: 'waf.get' }); return { exclusions, strict, paranoia } }

  test('planted, seen, tuned away, healed', async () => {
    const before = await tuningNow()
    expect(await blockedPushes()).toBe(0)

    const { id, params } = parseFault('waf-blocks-sync:partners=justice')
    const fault = FAULTS.find((candidate) => candidate.id === id)!
    const context: FaultContext = { target, admin: client.of, dns: { ask: async () => null }, seed: 7, memory: {}, clock: systemClock({ startedAtMs: 0, timeScale: 140, scenarioStartMs: 0 }) }
    await fault.inject(context, params)
    expect(await blockedPushes()).toBe(PUSHES)
    // The firewall's log has a block a moment after its answer.
    await expect.poll(async () => (await fault.witness(context, params)).touched).toBe(PUSHES)

    const step = { plan: { target }, ports: { ...createStage().ports, admin: client.of }, state: newNightState(), facts: {}, memory: {}, signal: new AbortController().signal, onProgress: () => {} } as unknown as StepContext
    await wafTuneStep.run(step, wafTuneStep.schema.parse(tuning))
    expect(step.facts).toMatchObject({ engine: 'modsecurity', notBlocked: null })
    expect(step.state.waf.blocked).toBe(step.state.waf.attacks)
    expect(await blockedPushes()).toBe(0)

    await wafTuneStep.undo!(step, {})
    expect(await blockedPushes()).toBe(PUSHES)
    await fault.heal(context, params)
    expect(await blockedPushes()).toBe(0)
    expect(await tuningNow()).toEqual(before)
  })

  test('an exclusion that lets an attack through is found, and the attack is named', async () => {
    const step = { plan: { target }, ports: { ...createStage().ports, admin: client.of }, state: newNightState(), facts: {}, memory: {}, signal: new AbortController().signal, onProgress: () => {} } as unknown as StepContext
    await wafTuneStep.run(step, wafTuneStep.schema.parse({ exclusions: [{ rules: ['913100'], under: '/api' }] }))
    expect(String(step.facts['notBlocked']).split(', ').toSorted()).toEqual(['scanner-nikto at /api/waf-probe (passed)', 'scanner-sqlmap at /api/waf-probe (passed)'])
    await wafTuneStep.undo!(step, {})
  })
})
