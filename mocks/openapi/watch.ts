/**
 * Holds every answer of every endpoint in this process against its role's OpenAPI document and remembers what breaks it, the first twenty of each test.
 * For tests (`setup.ts`).
 */
import type { Channel } from 'node:diagnostics_channel'
import { ANSWERS, type Answered } from '../server/answers-channel.ts'
import { createCheckOf } from './document-of.ts'

const MAX_PROBLEMS = 20

export type Watch = {
  /** Answers seen and held against a document. */
  checked: () => number
  /** What was wrong since the last call. */
  take: () => string[]
  stop: () => void
}

export function watchAnswers(channel: Channel = ANSWERS): Watch {
  const checkOf = createCheckOf()
  let problems: string[] = []
  let checked = 0
  const look = (message: unknown): void => {
    const { endpoint, request: { method, path }, reply } = message as Answered
    try {
      const check = checkOf(endpoint)
      if (!check) return
      checked += 1
      const headers = new Map(Object.entries(reply.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
      const type = reply.body === undefined ? undefined : 'application/json'
      check({
        method, path, status: reply.status, header: (name) => headers.get(name.toLowerCase()) ?? (name === 'content-type' ? type : undefined),
        text: reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body)),
      })
    } catch (error) {
      // Whoever publishes must not be disturbed.
      if (problems.length < MAX_PROBLEMS) problems.push(String((error as Error).message))
    }
  }
  channel.subscribe(look)
  return {
    checked: () => checked,
    take() { const taken = problems; problems = []; return taken },
    stop: () => { channel.unsubscribe(look) },
  }
}
