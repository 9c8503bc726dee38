/**
 * `resolver-restart`: a region's resolver is restarted after the switch and has forgotten all (`cache=empty`), or comes back with a cache of long ago that still gives the old
 * portal's address (`cache=stale`). Witness: empty: the restarted resolver's own count of queries, which began anew; stale: its real answer, and its region's requests at the old edge.
 */
import { z } from 'zod'
import { DISTURBANCES } from '../../contracts/disturbances.ts'
import { REGIONS } from '../../contracts/reference/regions.ts'
import { edgeAt, recordName, resolverSystemId } from '../systems.ts'
import { countRows } from './count-rows.ts'
import { fault, type FaultContext } from './fault.ts'
import { at } from './params.ts'
import { platformOf, rememberMoment } from './touched-clients.ts'

const REQUIRED = 3
/** As long as resolvers that serve expired answers hold one (RFC 8767), seconds of the scenario. */
const STALE_FOR_S = 86_400
const Params = z.strictObject({ region: z.enum(REGIONS.map(({ id }) => id) as [string, ...string[]]).default('south'), cache: z.enum(['empty', 'stale']).default('empty'), at: at() })
type Params = z.infer<typeof Params>

export const resolverRestart = fault({
  id: 'resolver-restart', title: DISTURBANCES['resolver-restart'], schema: Params as z.ZodType<Params>, touches: ['processes'], needsCutover: true,
  phase: (params) => `at-share:${params.at}`,
  async inject(context, params) {
    const { target, admin, memory } = context
    const system = resolverSystemId(params.region)
    rememberMoment(context)
    memory['served'] = (await admin(system).stats()).served
    await platformOf(context).stop(system)
    await platformOf(context).start(system)
    await context.setAgain?.(system)
    // At once: later it may have answered more than the one before it.
    memory['anew'] = (await admin(system).stats()).served
    if (params.cache === 'stale') await admin(system).control({ action: 'resolver.stale', name: recordName(target, 'portal'), address: target.addresses.old, ttlS: STALE_FOR_S })
  },
  async heal(context, params) {
    const system = resolverSystemId(params.region)
    await platformOf(context).start(system)
    if (params.cache === 'stale') await context.admin(system).control({ action: 'resolver.flush' })
  },
  witness: (context, params) => params.cache === 'stale' ? ledAstray(context, params) : askedAnew(context, params),
})

async function askedAnew({ admin, memory }: FaultContext, { region }: Params) {
  const system = resolverSystemId(region)
  const { served } = await admin(system).stats()
  const [before, anew] = [Number(memory['served'] ?? 0), Number(memory['anew'] ?? 0)]
  return { touched: anew < before ? served - anew : 0, required: REQUIRED, note: `${system} said that it had answered ${before} queries when it was stopped, ${anew} when it had begun anew, ${served} in the end` }
}

async function ledAstray({ target, admin, dns, memory }: FaultContext, { region }: Params) {
  const { address } = await dns.ask(region, recordName(target, 'portal')) ?? {}
  const since = Number(memory['since'])
  const requests = await countRows(admin(edgeAt(target, 'old').id), (row) => row.key.startsWith('request/') && row.fields['region'] === region && (row.sourceAt ?? 0) >= since)
  return { touched: address === target.addresses.old ? requests : 0, required: REQUIRED, note: `${resolverSystemId(region)} answers ${address ?? 'nothing'}, the old portal has ${target.addresses.old}; requests of its region at the old edge since then: ${requests}` }
}
