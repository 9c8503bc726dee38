/**
 * What falls due, the earliest first, and of one moment what came first: a binary heap, since a clock that is moved over ten thousand waiting receipts
 * must not sort them ten thousand times.
 */
export type DueQueue<T extends { at: number }> = { add: (item: T) => void; peek: () => T | undefined; take: () => T | undefined }

type Entry<T> = { item: T; at: number; nth: number }

export function createDueQueue<T extends { at: number }>(): DueQueue<T> {
  const heap: Entry<T>[] = []
  let added = 0
  const isBefore = (a: Entry<T>, b: Entry<T>): boolean => a.at === b.at ? a.nth < b.nth : a.at < b.at

  function sink(entry: Entry<T>): void {
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1
      if (child >= heap.length || !isBefore(heap[child]!, entry)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = entry
  }

  return {
    add(item) {
      const entry = { item, at: item.at, nth: added }
      added += 1
      let at = heap.length
      for (let parent = (at - 1) >> 1; at > 0 && isBefore(entry, heap[parent]!); parent = (at - 1) >> 1) {
        heap[at] = heap[parent]!
        at = parent
      }
      heap[at] = entry
    },
    peek: () => heap[0]?.item,
    take() {
      const first = heap[0]
      const last = heap.pop()
      if (last && last !== first) sink(last)
      return first?.item
    },
  }
}
