/**
 * What a simulated partner costs (`npm run bench -- mocks`): CPU time per request of a stateful route with validation and journal, against `node:http` doing
 * the same JSON by hand, with 1 to 1,000 routes, and against WireMock with 60 stubs. In turn within one run, and of each the lower quartile of its
 * rounds: whatever else the machine does only ever adds to the cost of a round.
 */
import { cpuPerRequest, startChild, type Measured } from './measured.ts'
import { startWireMock } from './wiremock.ts'

const ROUNDS = 12
const REQUESTS = 3_000
const WARM_UP = 12_000
const STUBS = 60
const ROUTE_COUNTS = [1, 10, 100, 1_000] as const

export type BenchMocks = {
  cpuUsPerRequest: Record<string, number>
  /** Aim 1.5, at most 2. */
  oursToRaw: number
  /** The dearest of the route counts against the cheapest; at most 1.1. */
  routesSpread: number
  /** At least 5. */
  wireMockToOurs: number | null
  skipped: string | null
}

export async function benchMocks(): Promise<BenchMocks> {
  const counts = [...ROUTE_COUNTS, STUBS]
  const [raw, ours, wireMock] = [await startChild('raw'), await startChild('ours', ...counts.map(String)), await startWireMock(STUBS)]
  const servers = new Map<string, Measured>([['raw', raw.servers[0]!], ...counts.map((count, n): [string, Measured] => [`ours-${count}`, ours.servers[n]!])])
  if ('server' in wireMock) servers.set('wiremock-60', wireMock.server)
  const rounds: Record<string, number>[] = []
  try {
    for (const server of servers.values()) await cpuPerRequest(server, WARM_UP)
    for (let round = 0; round < ROUNDS; round += 1) {
      const costs: Record<string, number> = {}
      // Each round begins with another one, so that none is always the first after a pause.
      const turn = [...servers].map((_, n, all) => all[(n + round) % all.length]!)
      for (const [name, server] of turn) costs[name] = await cpuPerRequest(server, REQUESTS)
      rounds.push(costs)
    }
  } finally { await Promise.all([raw.stop(), ours.stop(), 'stop' in wireMock ? wireMock.stop() : undefined]) }
  const costOf = (name: string) => lowerQuartile(rounds.map((costs) => costs[name]!))
  const ratio = (of: string, to: string) => round(costOf(of) / costOf(to))
  const byRoutes = ROUTE_COUNTS.map((count) => costOf(`ours-${count}`))
  return {
    cpuUsPerRequest: Object.fromEntries([...servers.keys()].map((name) => [name, round(costOf(name))])),
    oursToRaw: ratio('ours-1', 'raw'), routesSpread: round(Math.max(...byRoutes) / Math.min(...byRoutes)),
    wireMockToOurs: servers.has('wiremock-60') ? ratio('wiremock-60', `ours-${STUBS}`) : null, skipped: 'skipped' in wireMock ? wireMock.skipped : null,
  }
}

function lowerQuartile(values: readonly number[]): number { return values.toSorted((a, b) => a - b)[values.length >> 2]! }
function round(value: number): number { return Math.round(value * 100) / 100 }
