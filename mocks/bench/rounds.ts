/**
 * Servers measured in turn (`contracts/in-turn.ts`). The first rounds are the warm-up, the same for all, and not counted. In: servers by name. Out: CPU time per request,
 * µs, of each in each round.
 */
import { measuredInTurn, type Round } from '../../contracts/in-turn.ts'
import { cpuPerRequest, type Measured } from './measured.ts'

const WARM_UP_ROUNDS = 6
const ROUNDS = 20
const REQUESTS = 1_500

export async function measuredInRounds(servers: ReadonlyMap<string, Measured>): Promise<Round[]> {
  const measured = Object.fromEntries([...servers].map(([name, server]) => [name, () => cpuPerRequest(server, REQUESTS)]))
  return (await measuredInTurn(measured, WARM_UP_ROUNDS + ROUNDS)).slice(WARM_UP_ROUNDS)
}
