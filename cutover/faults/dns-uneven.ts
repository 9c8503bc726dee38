/**
 * `dns-uneven`: some regions' resolvers keep the old address after the switch, and the old portal takes submissions again, so that users and
 * their dossiers land there (001 3(1)). Witness: the resolvers' real answers, and requests of these regions in the old edge's access log.
 */
import { z } from 'zod'
import { INCIDENTS } from '../../contracts/incidents.ts'
import { byRole, edgeAt, recordName, resolverSystemId } from '../systems.ts'
import { countRows } from './count-rows.ts'
import { fault } from './fault.ts'
import { regions } from './params.ts'

/** After this much scenario time no cache of an honest resolver holds the old address any more. */
const SETTLED_MS = 10 * 60_000
const REQUIRED = 5

export const dnsUneven = fault({
  id: 'dns-uneven',
  title: INCIDENTS['dns-uneven'].title,
  schema: z.strictObject({ regions: regions(['south']) }),
  phase: 'at-step:dns.switch',
  needsCutover: true,
  needs: (target, params) => [...params.regions.map(resolverSystemId), byRole(target, 'legacy').id, edgeAt(target, 'old').id].map((system) => ({ system, what: 'admin' })),
  async inject({ target, admin, clock, memory }, params) {
    memory['injectedAt'] = clock.nowMs()
    for (const region of params.regions) {
      await admin(resolverSystemId(region)).control({ action: 'resolver.pin', name: recordName(target, 'portal'), address: target.addresses.old })
    }
    await admin(byRole(target, 'legacy').id).control({ action: 'mode', mode: 'open' })
  },
  async heal({ target, admin }, params) {
    for (const region of params.regions) await admin(resolverSystemId(region)).control({ action: 'resolver.pin', name: recordName(target, 'portal') })
    await admin(byRole(target, 'legacy').id).control({ action: 'mode', mode: 'frozen' })
  },
  async witness({ target, admin, dns, clock, memory }, params) {
    const holding: string[] = []
    for (const { id } of target.regions) {
      if ((await dns.ask(id, recordName(target, 'portal')))?.address === target.addresses.old) holding.push(id)
    }
    const held = holding.filter((region) => (params.regions as readonly string[]).includes(region))
    // Where all regions' load comes from this machine the edge cannot tell whose a request is; while nobody else's resolver leads there it is theirs.
    const theirs = held.length > 0 && held.length === holding.length && target.regions.every(({ entry }) => entry !== undefined)
    const since = Number(memory['injectedAt']) + SETTLED_MS / clock.plan.timeScale
    const touched = await countRows(admin(edgeAt(target, 'old').id), (row) =>
      row.key.startsWith('request/') && (held.includes(String(row.fields['region'])) || theirs && !target.regions.some(({ id }) => id === row.fields['region'])) && (row.sourceAt ?? 0) >= since)
    return { touched, required: REQUIRED, note: `resolvers that still answer ${target.addresses.old}: ${held.join(', ') || 'none'}; their requests at the old edge: ${touched}` }
  },
})
