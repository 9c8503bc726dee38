/** The examples of the contracts, in their order, on a partner that has just started: what is printed for vendors is what the simulators answer. */
import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import type { RoleContract } from '../../contracts/partner-api/role.ts'
import { CALL_CENTRE } from '../../contracts/partner-api/roles/call-centre.ts'
import { CIVIL_STATUS } from '../../contracts/partner-api/roles/civil-status.ts'
import { DOSSIER_SYSTEM } from '../../contracts/partner-api/roles/dossier-system.ts'
import { EXCHANGE_NODE } from '../../contracts/partner-api/roles/exchange-node.ts'
import { LAND } from '../../contracts/partner-api/roles/land.ts'
import { POST } from '../../contracts/partner-api/roles/post.ts'
import { TAX } from '../../contracts/partner-api/roles/tax.ts'
import { callCentreSimulator } from '../call-centre/simulator.ts'
import { civilStatusSimulator } from '../civil-status/simulator.ts'
import { dossierSystemSimulator } from '../dossier-system/simulator.ts'
import { exchangeNodeSimulator } from '../exchange-node/simulator.ts'
import { landSimulator } from '../land/simulator.ts'
import { postSimulator } from '../post/simulator.ts'
import type { Simulator } from '../simulator.ts'
import { taxSimulator } from '../tax/simulator.ts'
import { startBench, type Bench } from './confirming-bench.ts'
import type { OrdersOptions } from './orders.ts'

let bench: Bench
afterEach(() => bench.close())

/** `atOnce`: the work is done before the next example is asked. Where it is not, nothing of it has begun. */
const ROLES: readonly [role: RoleContract, make: (options: OrdersOptions, url: string) => Simulator, atOnce: boolean][] = [
  [DOSSIER_SYSTEM, ({ world }) => dossierSystemSimulator('partner-ha-noi', { world, unitCode: 'H01', push: { partnerId: 'ha-noi', key: 'k', portalSyncUrl: 'http://127.0.0.1:9' } }), false],
  [CIVIL_STATUS, civilStatusSimulator, true], [TAX, taxSimulator, true], [LAND, (options, ownUrl) => landSimulator({ ...options, ownUrl }), false],
  [POST, postSimulator, false], [CALL_CENTRE, callCentreSimulator, false], [EXCHANGE_NODE, exchangeNodeSimulator, false],
]

describe.each(ROLES.map(([role, make, atOnce]) => ({ id: role.id, role, make, atOnce })))('the examples of $id', ({ role, make, atOnce }) => {
  it('are answered as they say', async () => {
    bench = await startBench(make, { stepMs: atOnce ? [0, 0] : [60_000, 60_000] })
    const asked: string[] = []
    for (const { name, method, path, signed, examples } of role.operations) {
      for (const { request, status, answer } of examples) {
        const fields = { ...request as Record<string, unknown> }
        // Examples name an address where nobody listens; here somebody does.
        if ('callbackUrl' in fields) fields['callbackUrl'] = `${bench.receiver.url}/v1/confirmations`
        const text = JSON.stringify(fields)
        const sender = String(fields['system'] ?? fields['party'] ?? fields['from'] ?? '')
        const headers: Record<string, string> = signed ? { [fields['system'] ? 'x-system' : 'x-partner']: sender, 'x-signature': createHmac('sha256', `key of ${sender}`).update(text).digest('hex') } : {}
        const given = method === 'GET' ? await bench.get(`${path}?${new URLSearchParams(fields as Record<string, string>)}`) : await bench.post(path, fields, headers)
        expect({ name, status: given.status, body: given.body }).toMatchObject({ name, status, ...(answer !== undefined && { body: answer as object }) })
        asked.push(name)
        if (atOnce) await bench.drained()
      }
    }
    expect(asked.length).toBeGreaterThanOrEqual(role.operations.length - 1)
  })

  it('fit the schemas of their operations, those of outgoing calls too', () => {
    for (const { name, request, examples } of [...role.operations, ...role.calls]) {
      for (const example of examples) expect({ name, fits: request.safeParse(example.request).error?.message }).toEqual({ name, fits: undefined })
    }
  })
})
