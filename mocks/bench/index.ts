/**
 * What a simulated partner costs (`npm run bench -- mocks`): CPU time per request of a stateful route with validation and journal, against `node:http` doing
 * the same JSON by hand, with 1 to 1,000 routes, and against WireMock with 60 stubs. All are measured in turn, round by round, forth and back (`rounds.ts`), and
 * every ratio is the median of what it was in each round, so that neither order nor whatever else the machine does decides it. Each number of routes
 * stands there twice: what two of the same differ by is what the measuring itself is worth (`noiseSpread`).
 */
import { median, type Round } from '../../contracts/in-turn.ts'
import { startChild, type Measured } from './measured.ts'
import { measuredInRounds } from './rounds.ts'
import { startWireMock } from './wiremock.ts'

const STUBS = 60
const ROUTE_COUNTS = [1, 10, 100, 1_000] as const
const TWINS = ['a', 'b'] as const

export type BenchMocks = {
  /** Medians over the rounds. */
  cpuUsPerRequest: Record<string, number>
  /** Aim 1.5, at most 2. */
  oursToRaw: number
  /** The dearest of the route counts against the cheapest; at most 1.1. */
  routesSpread: number
  /** 1,000 routes against one. */
  routesGrowth: number
  /** The same number of routes against itself, of all counts the largest: a spread that is no larger says nothing. */
  noiseSpread: number
  /** At least 5. */
  wireMockToOurs: number | null
  skipped: string | null
}

const twin = (count: number, which: string) => `ours-${count}-${which}`

export async function benchMocks(): Promise<BenchMocks> {
  const ours = [...TWINS.flatMap((which) => ROUTE_COUNTS.map((count) => [twin(count, which), count] as const)), [`ours-${STUBS}`, STUBS] as const]
  const [raw, served, wireMock] = [await startChild('raw'), await startChild('ours', ...ours.map(([, count]) => String(count))), await startWireMock(STUBS)]
  const servers = new Map<string, Measured>([['raw', raw.servers[0]!], ...ours.map(([name], n): [string, Measured] => [name, served.servers[n]!])])
  if ('server' in wireMock) servers.set('wiremock-60', wireMock.server)
  let rounds: Round[]
  try { rounds = await measuredInRounds(servers) } finally { await Promise.all([raw.stop(), served.stop(), 'stop' in wireMock ? wireMock.stop() : undefined]) }
  return {
    cpuUsPerRequest: Object.fromEntries([...servers.keys()].map((name) => [name, rounded(median(rounds.map((costs) => costs[name]!)))])),
    ...figuresOf(rounds), skipped: 'skipped' in wireMock ? wireMock.skipped : null,
  }
}

export function figuresOf(rounds: readonly Round[]): Pick<BenchMocks, 'oursToRaw' | 'routesSpread' | 'routesGrowth' | 'noiseSpread' | 'wireMockToOurs'> {
  const ratio = (of: (costs: Round) => number, to: (costs: Round) => number) => median(rounds.map((costs) => of(costs) / to(costs)))
  const withRoutes = (count: number) => (costs: Round) => TWINS.reduce((sum, which) => sum + costs[twin(count, which)]!, 0) / TWINS.length
  const named = (name: string) => (costs: Round) => costs[name]!
  const toOne = ROUTE_COUNTS.map((count) => ratio(withRoutes(count), withRoutes(1)))
  const noise = ROUTE_COUNTS.map((count) => ratio(named(twin(count, TWINS[0])), named(twin(count, TWINS[1]))))
  return {
    oursToRaw: rounded(ratio(withRoutes(1), named('raw'))), routesSpread: rounded(Math.max(...toOne) / Math.min(...toOne)), routesGrowth: rounded(toOne.at(-1)!),
    noiseSpread: rounded(Math.max(...noise.map((one) => Math.max(one, 1 / one)))),
    wireMockToOurs: 'wiremock-60' in rounds[0]! ? rounded(ratio(named('wiremock-60'), named(`ours-${STUBS}`))) : null,
  }
}

function rounded(value: number): number { return Math.round(value * 100) / 100 }
