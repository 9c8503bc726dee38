/**
 * Group commit: concurrent writes share one transaction, and each is acknowledged only after it. What arrives while a group is under way
 * forms the next one, so a crowd costs one commit for many. `run` answers in the order of its items.
 * A group that fails on somebody's data (SQLSTATE class 22 or 23) is run again item by item, so that only the culprit fails.
 */
export type GroupCommit<Item, Answer> = { add: (item: Item) => Promise<Answer> }

type Waiting<Item, Answer> = { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void }

export function createGroupCommit<Item, Answer>(options: {
  maxItems: number
  /** Groups under way at the same time. */
  lanes: number
  /** The first of a group waits so long for others; 0 = only for those of the same turn of the event loop. */
  gatherMs?: number
  run: (items: Item[]) => Promise<Answer[]>
}): GroupCommit<Item, Answer> {
  const waiting: Waiting<Item, Answer>[] = []
  let underway = 0

  function begin(): void {
    while (underway < options.lanes && waiting.length > 0) {
      underway += 1
      void carry(waiting.splice(0, options.maxItems)).finally(() => {
        underway -= 1
        begin()
      })
    }
  }

  async function carry(group: Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await options.run(group.map((entry) => entry.item))
      group.forEach((entry, index) => entry.resolve(answers[index]!))
    } catch (error) {
      if (group.length > 1 && isDataError(error)) {
        for (const entry of group) await carry([entry])
        return
      }
      for (const entry of group) entry.reject(error)
    }
  }

  return {
    add: (item) => new Promise<Answer>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      // Requests read in the same turn of the event loop share the first group too.
      if (waiting.length > 1) return
      if (options.gatherMs) setTimeout(begin, options.gatherMs)
      else setImmediate(begin)
    }),
  }
}

function isDataError(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^2[23]/.test(code)
}
