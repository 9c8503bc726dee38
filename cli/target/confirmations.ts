/**
 * Asks a person to do a step and to confirm it: on the terminal, and by a file in the run folder (`confirm/1.ask` holds the question; `confirm/1.done` with
 * `yes` or `no` answers it), so that whoever does it need not sit at this machine. The first answer counts; no answer in time is an error.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Question } from '../../cutover/access.ts'
import type { World } from '../world.ts'

const LOOK_EVERY_MS = 200
const YES = /^(?:y|yes|c|có|co|rồi|roi|ok|xong|done)$/i
const NO = /^(?:n|no|không|khong|chưa|chua)$/i

export function createConfirmations(world: Pick<World, 'stderr' | 'ask'>, directory: string): (question: Question, signal?: AbortSignal) => Promise<boolean> {
  let asked = 0
  // One after the other: two questions on one terminal would take each other's answers.
  let before: Promise<unknown> = Promise.resolve()
  return (question, signal) => {
    const number = asked += 1
    const answer = before.then(() => askOne(world, directory, number, question, signal))
    before = answer.catch(() => {})
    return answer
  }
}

async function askOne(world: Pick<World, 'stderr' | 'ask'>, directory: string, number: number, { system, act, text, timeoutMs }: Question, signal: AbortSignal | undefined): Promise<boolean> {
  signal?.throwIfAborted()
  mkdirSync(directory, { recursive: true })
  const ask = join(directory, `${number}.ask`)
  const done = join(directory, `${number}.done`)
  writeFileSync(ask, `${text.vi}\n${text.en}\n${system} ${act}\n`)
  world.stderr.write(`\n? ${text.vi} / ${text.en}\n  [yes/no] hoặc / or: echo yes > ${done}\n`)
  const over = new AbortController()
  const limit = AbortSignal.any([over.signal, AbortSignal.timeout(timeoutMs), ...signal ? [signal] : []])
  try {
    return await Promise.race([byFile(done, limit), byTerminal(world, limit)])
  } catch (error) {
    signal?.throwIfAborted()
    if (limit.aborted) throw new Error(`nobody confirmed within ${Math.round(timeoutMs / 1_000)} s`, { cause: error })
    throw error
  } finally {
    over.abort()
    rmSync(ask, { force: true })
  }
}

function byFile(path: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const look = setInterval(() => {
      let text: string
      try { text = readFileSync(path, 'utf8').trim() } catch { return }
      if (YES.test(text)) settle(() => resolve(true))
      else if (NO.test(text)) settle(() => resolve(false))
    }, LOOK_EVERY_MS)
    const settle = (end: () => void) => { clearInterval(look); signal.removeEventListener('abort', onAbort); end() }
    const onAbort = () => settle(() => reject(signal.reason as Error))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

/** Never settles where there is no terminal. */
async function byTerminal(world: Pick<World, 'ask'>, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    const answer = world.ask ? await world.ask(signal) : null
    if (answer === null) return new Promise<boolean>((_resolve, reject) => { signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }) })
    if (YES.test(answer.trim())) return true
    if (NO.test(answer.trim())) return false
  }
}
