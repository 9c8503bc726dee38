/**
 * Runs the checks of a role against a system: a few at a time, each in a context of its own, under one rate cap. Out: what became of each, in the order of
 * the list. A check that throws something else than Broken or NotTriggerable has failed itself: `faulted`, which counts as not checked. One that does not end
 * within its time, or not before the run's, is broken off: `timed-out`, which counts as not checked either.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { RoleContract } from '../contracts/partner-api/role.ts'
import type { Text } from '../contracts/text.ts'
import { createAnswerBook } from './answers.ts'
import { Broken, NotTriggerable, type Check, type Flow } from './check.ts'
import type { Signer } from './checks/role-suite.ts'
import { createContext, type RunParts, type Secrets, type TestData } from './context.ts'
import { HarnessError } from '../contracts/error.ts'
import { blottedWhole, createClient, shownExchange, type Exchange, type ShownExchange } from './exchange.ts'
import { deadlinesOf, type Fixture } from './fixture.ts'
import { missingNeed } from './needs.ts'
import type { OUTCOMES } from './result.ts'
import type { Receiver } from './receiver.ts'
import { shrink } from './shrink.ts'
import type { Speech } from './speech.ts'

export type CheckOutcome = {
  id: string; flow: Flow; requirement: Text; outcome: (typeof OUTCOMES)[number]
  expected?: Text; observed?: Text; why?: Text
  /** The exchange that shows it, and the smallest request that still does. */
  exchange?: ShownExchange; smallest?: ShownExchange
  requests: number; tookMs: number
}
export type Conformance = { outcomes: CheckOutcome[]; testData: TestData[]; requests: number }

export type DriveOptions = {
  role: RoleContract; checks: readonly Check[]; flowOf: (operation: string) => Flow
  fixture: Fixture; secrets: Secrets; secretValues: readonly string[]; baseUrl: string; receiver: Receiver; runId: string
  speech: Speech; signers: Readonly<Record<string, Signer>>; nowMs?: () => number; signal?: AbortSignal; onOutcome?: (outcome: CheckOutcome) => void
  /** Filled as it comes about, so that it is known also where the run is broken off. */
  testData?: TestData[] | undefined
}

const AT_ONCE = 6
const GRACE_MS = 250
/** For the smallest request, of what time is left. */
const SHRINK_MS = 5_000

/** Its time, or that of the run, is over. */
class OutOfTime extends Error {
  override readonly name = 'OutOfTime'
  readonly why: Text
  constructor(why: Text) {
    super(why.en)
    this.why = why
  }
}
const outOfTime = (what: Text, ms: number) => new OutOfTime({ vi: `${what.vi} không xong trong ${ms / 1_000} giây`, en: `${what.en} did not end within ${ms / 1_000} s` })

export async function drive(options: DriveOptions): Promise<Conformance> {
  const { role, fixture, secrets, checks, secretValues } = options
  const client = createClient({ allow: fixture.allow, rateCap: fixture.rateCap, answerMs: fixture.waits.answerMs, signal: options.signal })
  const book = createAnswerBook(role)
  const testData = options.testData ?? []
  const parts: RunParts = {
    role, fixture, secrets, client, testData, baseUrl: options.baseUrl.replace(/\/$/, ''), receiver: options.receiver, speech: options.speech, runId: options.runId,
    nowMs: options.nowMs ?? Date.now, onAnswer: book.note, numbered: { next: 0 }, shared: new Map(), signers: options.signers,
  }

  const { checkMs, runMs } = deadlinesOf(fixture)
  const runOver = new AbortController()
  const runTimer = setTimeout(() => runOver.abort(outOfTime({ vi: 'lần kiểm tra', en: 'the run' }, runMs)), runMs)
  const ofRun = options.signal ? AbortSignal.any([options.signal, runOver.signal]) : runOver.signal

  async function runOne(check: Check, index: number, asks: boolean): Promise<CheckOutcome> {
    const base = { id: check.id, flow: check.flow, requirement: check.requirement }
    const why = missingNeed(check.needs, fixture)
    if (why) return { ...base, outcome: 'not-triggerable', why, requests: 0, tookMs: 0 }
    if (asks && runOver.signal.aborted) return { ...base, outcome: 'timed-out', why: (runOver.signal.reason as OutOfTime).why, requests: 0, tookMs: 0 }
    const began = performance.now()
    const own = new AbortController()
    const signal = AbortSignal.any([ofRun, own.signal])
    let timer = setTimeout(() => own.abort(outOfTime({ vi: 'phép thử', en: 'the check' }, checkMs)), checkMs)
    const context = createContext({ ...parts, signal }, { id: check.id, index })
    const done = (rest: Omit<CheckOutcome, keyof typeof base | 'requests' | 'tookMs'>): CheckOutcome => ({ ...base, ...blottedWhole(rest, secretValues), requests: context.exchanges.length, tookMs: Math.round(performance.now() - began) })
    const shown = (exchange: Exchange) => shownExchange(exchange, secretValues)
    try {
      await orAborted(check.run(context), signal)
      // Nothing was asked, so nothing was seen to hold.
      if (asks && context.exchanges.length === 0) return done({ outcome: 'not-triggerable', why: { vi: 'chưa hỏi hệ thống lần nào', en: 'the system was not asked anything' } })
      return done({ outcome: 'held' })
    } catch (error) {
      options.signal?.throwIfAborted()
      // Its own, or that of another check whose session it waited for.
      const late = [signal.reason, error].find((one) => one instanceof OutOfTime)
      if (late && !(error instanceof Broken)) {
        const exchange = context.exchanges.at(-1)
        return done({ outcome: 'timed-out', why: late.why, ...(exchange && { exchange: shown(exchange) }) })
      }
      if (error instanceof NotTriggerable) return done({ outcome: 'not-triggerable', why: error.why })
      // The system leads to where nobody may be asked: its redirect is not followed, and what lies behind it cannot be tried.
      if (error instanceof HarnessError && error.problem.code === 'CONFORM_HOST_NOT_ALLOWED') return done({ outcome: 'not-triggerable', why: { vi: error.message, en: error.message } })
      if (!(error instanceof Broken)) return done({ outcome: 'faulted', why: { vi: `phép thử hỏng: ${String(error)}`, en: `the check itself failed: ${String((error as Error).stack ?? error)}` } })
      clearTimeout(timer)
      timer = setTimeout(() => own.abort(), Math.max(0, Math.min(SHRINK_MS, checkMs - (performance.now() - began))))
      const smallest = error.show && await shrink(error.show)
      options.signal?.throwIfAborted()
      const exchange = error.exchange ?? context.exchanges.at(-1)
      return done({
        outcome: 'broken', expected: error.expected, observed: error.observed, ...(exchange && { exchange: shown(exchange) }),
        ...((smallest ?? exchange) && { smallest: shown((smallest ?? exchange)!) }),
      })
    } finally {
      clearTimeout(timer)
      // Whatever the check still had under way ends with it.
      own.abort()
      context.close()
    }
  }

  async function runAll(list: readonly Check[], offset: number, asks: boolean): Promise<CheckOutcome[]> {
    const outcomes: CheckOutcome[] = []
    let next = 0
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      while (next < list.length && !options.signal?.aborted) {
        const index = next
        next += 1
        outcomes[index] = await runOne(list[index]!, offset + index, asks)
        options.onOutcome?.(outcomes[index]!)
      }
    }))
    return outcomes
  }

  try {
    const outcomes = await runAll(checks.filter(({ applies }) => applies?.(options.speech) ?? true), 0, true)
    outcomes.push(...await runAll(book.checks(options.flowOf), checks.length, false))
    options.signal?.throwIfAborted()
    return { outcomes, testData, requests: client.sent() }
  } finally {
    clearTimeout(runTimer)
    await client.close()
  }
}

/** Requests that are under way end with the signal; a check that waits for something else does not hold the run up. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => void sleep(GRACE_MS).then(() => reject(signal.reason as Error))
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
    promise.then(resolve, reject)
  })
}
