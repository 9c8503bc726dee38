/**
 * Servers measured in turn: A B C D, then D C B A, each pair of rounds beginning with another one, so that each comes as often early as late and after every
 * neighbour. The first rounds are the warm-up, the same for all, and not counted. In: servers by name. Out: CPU time per request, µs, of each in each round.
 */
import { cpuPerRequest, type Measured } from './measured.ts'

export type Round = Readonly<Record<string, number>>

const WARM_UP_ROUNDS = 6
const ROUNDS = 20
const REQUESTS = 1_500

export async function measuredInRounds(servers: ReadonlyMap<string, Measured>): Promise<Round[]> {
  const rounds: Round[] = []
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    const costs: Record<string, number> = {}
    for (const name of turn([...servers.keys()], round)) costs[name] = await cpuPerRequest(servers.get(name)!, REQUESTS)
    if (round >= WARM_UP_ROUNDS) rounds.push(costs)
  }
  return rounds
}

/** Who is measured after whom in a round. */
export function turn<T>(all: readonly T[], round: number): T[] {
  const begin = (round >> 1) % all.length
  const forth = [...all.slice(begin), ...all.slice(0, begin)]
  return round % 2 === 0 ? forth : forth.reverse()
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
