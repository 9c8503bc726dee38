/** One write after the other: a status and its dossier in flight side by side must see each other, and no two batches lock each other's dossiers. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

export function writeInTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
}
