/** A new province's system, written in less than a hundred lines (mocks/provinces/example-province.ts), passes every check of the role. */
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { Fixture } from '../../conform/fixture.ts'
import { conform, openReceiver } from '../../conform/index.ts'
import { EXAMPLE_PROVINCE, exampleProvinceSimulator } from '../../mocks/provinces/example-province.ts'
import { startFastServer, stopServer } from '../../mocks/server/fast-server.ts'
import { createWorld } from '../../mocks/world.ts'
import { unitOf } from './default-fixture.ts'

const KEY = 'key-of-the-example'

it('a new province conforms', async () => {
  const receiver = await openReceiver(Fixture.parse({}))
  const world = createWorld({ seed: 1, scenarioStartMs: Date.now(), keys: { [EXAMPLE_PROVINCE.id]: KEY, 'civil-status': KEY } })
  const simulator = exampleProvinceSimulator(world, receiver.url)
  simulator.control!({ action: 'connect', connected: true })
  const server = await startFastServer(simulator.endpoint, { host: '127.0.0.1', port: 0 })
  try {
    const fixture = Fixture.parse({ rateCap: 500, deadlines: { checkMs: 300_000, runMs: 600_000 }, keys: { system: { value: KEY }, caller: { value: KEY }, specialised: { value: KEY } }, receiver: { portal: true }, unit: unitOf(EXAMPLE_PROVINCE) })
    const { outcomes } = await conform({ role: 'province', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, fixture, env: {}, receiver, runId: 'test' })
    expect(outcomes.filter(({ outcome }) => outcome !== 'held').map(({ id, outcome, observed, why }) => ({ id, outcome, observed: observed?.en, why: why?.en }))).toEqual([])
    expect(outcomes.length).toBeGreaterThan(30)
  } finally {
    await stopServer(server)
    await simulator.close()
    await receiver.close()
  }
})
