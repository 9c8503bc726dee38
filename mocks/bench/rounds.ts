/**
 * Servers measured in turn (`contracts/in-turn.ts`). The first rounds are the warm-up, the same for all, and not counted. In: servers by name. Out: CPU time per request,
 * µs, of each in each round.
 */
import { turn, type Round } from '../../contracts/in-turn.ts'
import { cpuPerRequest, type Measured } from './measured.ts'

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
