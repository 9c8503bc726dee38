/** One bank over real sockets, with whoever it calls back beside it, and the calls that tests make of it. For tests. */
import { startReceiver, type Receiver, type Treatment } from '../delivery/recording-receiver.ts'
import { serveSimulator, type JsonAnswer, type Served } from '../served-simulator.ts'
import type { Simulator } from '../simulator.ts'
import { testWorld } from '../testing/spoken.ts'
import { BANKS, bankSimulator } from './simulator.ts'

export const BANK_KEY = 'the key of the bank'
export const START = Date.parse('2026-04-10T21:00:00+07:00')
export const BUDGET = { chapter: '018', subItem: '2716', budgetUnit: '9900001' }

export type BankBench = {
  receiver: Receiver
  served: Served
  simulator: Simulator
  /** The scenario clock, which stands until a test moves it. */
  clock: { now: number }
  /** Moves both clocks on, and what falls due on the way happens. */
  advance: (ms: number) => void
  order: (changes?: object) => Promise<JsonAnswer>
  issue: (changes?: object) => Promise<string>
  scan: (qr: string, changes?: object) => Promise<JsonAnswer>
  credit: (changes?: object) => Promise<JsonAnswer>
  cancel: (transactionCode: string, reference?: string) => Promise<JsonAnswer>
  state: (transactionCode: string) => Promise<JsonAnswer>
  /** Waits, by the events of the loop, until nothing is owed any more. */
  drained: () => Promise<void>
  [Symbol.asyncDispose]: () => Promise<void>
}

export async function openBank(id = 'bank-vcb', treat: (nth: number) => Treatment = () => ({ status: 200 })): Promise<BankBench> {
  const row = BANKS.find((bank) => bank.id === id)!
  const receiver = await startReceiver(treat)
  const clock = { now: START }
  const world = testWorld({ seed: 7, scenarioStartMs: START, keys: { [id]: BANK_KEY }, movable: true, wallNow: () => START })
  world.scenarioNow = () => clock.now
  let simulator: Simulator | undefined
  const served = await serveSimulator(() => simulator = bankSimulator({ world, row, retry: { firstRetryMs: 1, capMs: 5 } }))
  const order = (changes: object = {}) => served.post('/v1/qr', {
    transactionCode: 'TX1', account: '0011', accountName: 'Kho bạc', amountVnd: 135_000, reference: 'op-create', expiresAt: START + 60_000,
    callbackUrl: `${receiver.url}/callbacks/v1/bank`, ...(row.kind === 'treasury' && { budget: BUDGET }), ...changes,
  })
  return {
    receiver, served, simulator: simulator!, clock, order,
    advance(ms) { clock.now += ms; world.advance!(ms) },
    issue: async (changes) => (await order(changes)).body.qr,
    scan: (qr, changes = {}) => served.post('/v1/scan', { qr, personId: '999000000011', reference: 'op-scan', ...changes }),
    credit: (changes = {}) => served.post('/v1/credits', { reference: 'op-back', transactionCode: 'TX1', amountVnd: 135_000, ...changes }),
    cancel: (transactionCode, reference = 'op-cancel') => served.post(`/v1/qr/${transactionCode}/cancel`, { reference }),
    state: (transactionCode) => served.get(`/v1/qr/${transactionCode}`),
    async drained() { while (simulator!.pending() > 0) await new Promise(setImmediate) },
    async [Symbol.asyncDispose]() { await served.close(); await receiver.close() },
  }
}
