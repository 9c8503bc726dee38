/**
 * Measuring several things against one another on a machine that has other work too: in turn, A B C D, then D C B A, each pair of rounds beginning with another one, so that each
 * comes as often early as late and after every neighbour; and every ratio as the median of what it was in each round.
 */

/** What each cost in one round, by name. */
export type Round = Readonly<Record<string, number>>

/** `measured`: what each costs now, by name. `onRound` is told how many are done. */
export async function measuredInTurn(measured: Readonly<Record<string, () => Promise<number>>>, count: number, onRound: (done: number) => void = () => {}): Promise<Round[]> {
  const rounds: Round[] = []
  for (let round = 0; round < count; round += 1) {
    const costs: Record<string, number> = {}
    for (const name of turn(Object.keys(measured), round)) costs[name] = await measured[name]!()
    rounds.push(costs)
    onRound(rounds.length)
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
