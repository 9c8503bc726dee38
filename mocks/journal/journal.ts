/**
 * The last exchanges of each simulated partner, newest kept: what was asked, what was answered, which behaviour had a hand in it. Kept are references to
 * what there is anyway; nothing is turned into text before somebody asks. In a rehearsal there is no journal (`world.journals` undefined).
 */
export type Exchange = {
  /** Counts through all partners of the process, in the order of the answers. */
  seq: number
  /** Wall clock, epoch ms. */
  at: number
  partner: string
  /** `in`: asked of the partner; `out`: sent by it. */
  direction: 'in' | 'out'
  /** Null where no route was met. */
  operation: string | null
  method: string
  path: string
  query: string
  /** Null where the connection was broken or no answer came. */
  status: number | null
  requestBody: string
  answerBody: unknown
  /** Whose it is: as a rule the reference. */
  subject: string
  /** What a behaviour or a magic identifier did. */
  behaviour?: string
  /** Why the request did not parse. */
  problem?: string
}

export type Journal = { note: (exchange: Omit<Exchange, 'seq' | 'at' | 'partner'>) => void }
export type Journals = {
  of: (partner: string) => Journal
  /** Oldest first. */
  all: (partner?: string) => Exchange[]
  partners: () => string[]
}

/** More of a body, or of a text in an answer, is not kept: a ring of attachments would fill the memory. */
const MAX_BODY_LENGTH = 64 * 1024

export function createJournals({ size, now = Date.now }: { size: number; now?: () => number }): Journals {
  const rings = new Map<string, Exchange[]>()
  let seq = 0
  return {
    of(partner) {
      const ring: Exchange[] = []
      rings.set(partner, ring)
      let next = 0
      return {
        note(exchange) {
          seq += 1
          const { requestBody, answerBody } = exchange
          ring[next] = { seq, at: now(), partner, ...exchange, requestBody: bounded(requestBody), answerBody: boundedIn(answerBody) }
          next = (next + 1) % size
        },
      }
    },
    all(partner) {
      const chosen = partner === undefined ? [...rings.values()].flat() : [...rings.get(partner) ?? []]
      return chosen.toSorted((a, b) => a.seq - b.seq)
    },
    partners: () => [...rings.keys()],
  }
}

function bounded(text: string): string { return text.length > MAX_BODY_LENGTH ? shortened(text) : text }

/** An answer with a piece of a file in it is kept without the piece. */
function boundedIn(answer: unknown): unknown {
  if (typeof answer === 'string') return bounded(answer)
  if (typeof answer !== 'object' || answer === null || !Object.values(answer).some((value) => typeof value === 'string' && value.length > MAX_BODY_LENGTH)) return answer
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, typeof value === 'string' ? bounded(value) : value]))
}

/** A copy: a slice would keep the whole text alive. */
function shortened(text: string): string {
  return `${Buffer.from(text.slice(0, MAX_BODY_LENGTH)).toString('utf8')}… (${text.length} characters)`
}
