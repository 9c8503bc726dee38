/** The step against a real HTTP server that does what an edge does: signs its refusals, and passes the rest on to a portal that does not know the path. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import type { Control, WafExclusion } from '../../contracts/api/admin.ts'
import type { Target } from '../../contracts/target.ts'
import { STANDARD_ATTACKS } from '../attacks/index.ts'
import { createStage, TARGET } from '../engine/stage.ts'
import { METRICS } from '../metrics/index.ts'
import type { Night } from '../night.ts'
import { newNightState } from '../state.ts'
import type { StepContext } from './step-action.ts'
import { wafTuneStep } from './waf-tune.ts'

const EVIL = /union|' or |drop table|pg_sleep|<script|onerror|onload|javascript:|\.\.[/\\]|etc\/passwd|\$\(|\/bin\/sh|jndi|sqlmap|nikto/i
const THERE: WafExclusion[] = [{ ruleId: '931100', pathPrefix: '/auth/callback', target: 'ARGS:iss' }]

let server: Server | undefined
afterEach(() => { server?.closeAllConnections(); server?.close(); server = undefined })

/** `refuses`: whether the edge blocks what it was sent. */
async function night(refuses: (sent: string, request: IncomingMessage) => boolean, waf: Record<string, unknown> = { engine: 'modsecurity' }, answer = { status: 403, servedBy: 'edge-new' }) {
  const seen: IncomingMessage[] = []
  server = createServer(async (request, response) => {
    seen.push(request)
    const sent = decodeURIComponent(`${request.url} ${request.headers['user-agent']} ${await text(request)}`.replaceAll('+', ' ').replaceAll(/%(?![0-9a-f]{2})/gi, '%25'))
    if (refuses(sent, request)) response.writeHead(answer.status, { 'x-served-by': answer.servedBy }).end()
    else response.writeHead(404, { 'x-served-by': 'portal' }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const target: Target = { ...TARGET, addresses: { ...TARGET.addresses, new: '127.0.0.1' }, systems: TARGET.systems.map((system) => system.id === 'edge-new' ? { ...system, url } : system) }
  const state = { exclusions: THERE }
  const controls: Control[] = []
  const ports = createStage().ports
  const admin = (id: string) => ({
    ...ports.admin(id),
    control: async (control: Control) => {
      controls.push(control)
      if (control.action === 'waf.tune') state.exclusions = control.exclusions ?? state.exclusions
      return { ...waf, ...state, blocked: { all: 3, sync: 2 } }
    },
  })
  const context = { plan: { target }, ports: { ...ports, admin }, state: newNightState(), facts: {}, memory: {}, signal: new AbortController().signal, onProgress: () => {} } as unknown as StepContext
  return { context, controls, seen, state, run: (params: object) => wafTuneStep.run(context, wafTuneStep.schema.parse(params)), undo: () => wafTuneStep.undo!(context, {}), measure: (id: string) => METRICS.get(id)!.measure(context as Night, undefined) }
}
const PARAMS = { exclusions: [{ rules: ['920272'], under: '/sync' }, { rules: ['942130', '942460'], under: '/sync', targets: ['ARGS:json.note'] }, { rules: ['sqli-keywords-vi'], under: '/sync' }], paths: ['/sync/v1/waf-probe'] }

describe('waf.tune', () => {
  it('adds the exclusions of the edge\'s engine to those that are there, and finds every attack blocked', async () => {
    const { run, controls, context, measure, state } = await night((sent) => EVIL.test(sent))
    expect(await measure('waf.attacksBlocked')).toBe(null)
    await run(PARAMS)
    expect(state.exclusions).toEqual([...THERE, { ruleId: '920272', pathPrefix: '/sync' }, { ruleId: '942130', pathPrefix: '/sync', target: 'ARGS:json.note' }, { ruleId: '942460', pathPrefix: '/sync', target: 'ARGS:json.note' }])
    expect(controls.map(({ action }) => action)).toEqual(['waf.get', 'waf.tune'])
    expect(context.facts).toMatchObject({ edge: 'edge-new', engine: 'modsecurity', exclusionsAdded: 3, attacks: STANDARD_ATTACKS.length, attacksBlocked: STANDARD_ATTACKS.length, notBlocked: null })
    expect(await measure('waf.attacksBlocked')).toBe(1)
    expect(await measure('waf.syncBlocked')).toBe(2)
  })

  it('of the reference engine only rules that it has, as wholes', async () => {
    const { run, state } = await night((sent) => EVIL.test(sent), { engine: 'reference', rules: [{ id: 'sqli-keywords-vi' }] })
    await run(PARAMS)
    expect(state.exclusions).toEqual([...THERE, { ruleId: 'sqli-keywords-vi', pathPrefix: '/sync' }])
  })

  it('names each attack that passes, and the criterion fails', async () => {
    const { run, context, measure } = await night((sent) => EVIL.test(sent) && !/jndi|nikto/i.test(sent))
    await run(PARAMS)
    for (const id of ['log4shell', 'log4shell-agent', 'log4shell-json', 'scanner-nikto']) expect(context.facts['notBlocked']).toContain(`${id} at /sync/v1/waf-probe (passed)`)
    expect(context.facts['notBlocked']).not.toContain('sqli')
    expect(await measure('waf.attacksBlocked')).toBe(1 - 4 / STANDARD_ATTACKS.length)
  })

  it('what the portal refuses has passed the edge', async () => {
    const { run, measure } = await night((sent) => EVIL.test(sent), undefined, { status: 403, servedBy: 'portal' })
    await run(PARAMS)
    expect(await measure('waf.attacksBlocked')).toBe(0)
  })

  it('no answer is no proof', async () => {
    const { run, context } = await night((sent, request) => { if (/jndi/.test(sent)) request.socket.resetAndDestroy(); return EVIL.test(sent) })
    await run(PARAMS)
    expect(context.facts['notBlocked']).toContain('log4shell at /sync/v1/waf-probe (no answer)')
  })

  it('a firewall that refuses harmless requests too proves nothing', async () => {
    const { run, measure } = await night(() => true)
    await expect(run(PARAMS)).rejects.toThrow(/harmless-search at \/sync\/v1\/waf-probe \(blocked\).*harmless-dossier/)
    expect(await measure('waf.attacksBlocked')).toBe(null)
  })

  it('its requests carry a test identity and no op', async () => {
    const { run, seen } = await night((sent) => EVIL.test(sent))
    await run(PARAMS)
    expect(seen.length).toBe(STANDARD_ATTACKS.length + 2)
    for (const { headers } of seen) expect(headers).toMatchObject({ 'x-partner': 'waf-probe' })
    expect(seen.some(({ headers }) => 'x-op' in headers)).toBe(false)
  })

  it('undo puts the exclusions back that there were, and does nothing where it never began', async () => {
    const began = await night((sent) => EVIL.test(sent))
    await began.run(PARAMS)
    await began.undo()
    expect(began.state.exclusions).toEqual(THERE)
    expect(await began.measure('waf.attacksBlocked')).toBe(null)
    began.context.memory = {}
    const before = began.controls.length
    await began.undo()
    expect(began.controls).toHaveLength(before)
  })

  it.each([{ exclusions: [{ rules: ['942100"'], under: '/sync' }] }, { exclusions: [{ rules: [], under: '/sync' }] }, { exclusions: [{ rules: ['942100'], under: 'sync' }] }, { paths: [] }, { exclusions: [{ rules: ['942100'], under: '/sync', targets: ['ARGS;x'] }] }])('%j is no parameter', (params) => {
    expect(wafTuneStep.schema.safeParse(params).success).toBe(false)
  })
})
