/** One conformance run, from the operator's wish to the exit code: read, look whether anybody answers, drive, seal, write, print. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { conform, openReceiver, requireAllowed, resultOf } from '../../conform/index.ts'
import type { Fixture } from '../../conform/fixture.ts'
import { htmlReport } from '../../conform/report/html.ts'
import { junitReport } from '../../conform/report/junit.ts'
import type { TestData } from '../../conform/context.ts'
import { terminalReport } from '../../conform/report/terminal.ts'
import { word } from '../../conform/report/words.ts'
import type { ConformResult } from '../../conform/result.ts'
import { seal } from '../../conform/seal.ts'
import { EXIT, formatProblem } from '../../contracts/error.ts'
import type { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import type { Language } from '../../contracts/text.ts'
import type { KeyObject } from 'node:crypto'
import { printJson } from '../commands/command.ts'
import type { World } from '../world.ts'
import { startReference, type Reference } from './reference.ts'

export type ConformWish = {
  role: string
  /** Undefined: the product's own. */
  url: string | undefined
  /** By the address, which only the reference decides late. */
  fixtureFor: (url: string, overrides: Record<string, unknown>) => Fixture
  profile: ContractProfile | undefined
  only: readonly string[] | undefined
  out: string
  key: KeyObject | undefined
  language: Language
  json: boolean
}

const TOOL = 'tongduyet 0.1.0'
const PREFLIGHT_MS = 5_000

export async function runConform(world: World, wish: ConformWish): Promise<number> {
  const listening = wish.fixtureFor(wish.url ?? 'http://127.0.0.1', {})
  if (wish.url !== undefined) requireAllowed(wish.url, listening)
  const receiver = await openReceiver(listening)
  const abort = new AbortController()
  const unsubscribe = world.onInterrupt(() => abort.abort(new Error('interrupted')))
  let reference: Reference | undefined
  const testData: TestData[] = []
  try {
    if (wish.url === undefined) reference = await startReference(wish.role, receiver, { profile: wish.profile })
    const url = wish.url ?? reference!.url
    const fixture = reference ? wish.fixtureFor(url, reference.fixture) : listening
    const unreachable = reference ? undefined : await whyUnreachable(url)
    if (unreachable !== undefined) {
      world.stderr.write(`${formatProblem({ code: 'CONFORM_UNREACHABLE', what: `nobody answers at ${url} (${unreachable}); nothing is claimed`, where: '--url', mend: 'start the system, or correct the address' })}\n`)
      return EXIT.inconclusive
    }
    const beganAt = world.nowMs()
    const options = {
      role: wish.role.split(':')[0]!, url, fixture, env: world.env, receiver, runId: runIdOf(beganAt), profile: wish.profile, issuer: wish.profile?.issuer, signal: abort.signal, testData, nowMs: reference?.nowMs, ...(wish.only && { only: wish.only }),
    }
    const result = seal(resultOf(options, await conform(options), { beganAt, endedAt: world.nowMs(), tool: TOOL }), wish.key)
    const files = write(wish, result)
    if (wish.json) printJson(world, { ...result, files })
    else world.stdout.write(`${terminalReport(result, wish.language)}${files.join('\n')}\n`)
    return exitCodeOf(result)
  } catch (error) {
    if (abort.signal.aborted) {
      if (wish.url !== undefined && testData.length > 0) world.stderr.write(`${word(wish.language, 'testData')} (${testData.length}): ${testData.map(({ kind, id }) => `${kind} ${id}`).join(', ')}\n`)
      return EXIT.interrupted
    }
    throw error
  } finally {
    unsubscribe()
    await reference?.close()
    await receiver.close()
  }
}

/** What is broken fails; what was never checked, did not end in time, or could not be judged, is no pass. */
export function exitCodeOf({ summary }: ConformResult): number {
  if (summary.broken > 0) return EXIT.fail
  return summary.faulted + summary.timedOut > 0 || summary.held === 0 ? EXIT.inconclusive : EXIT.pass
}

function write({ out, role, language }: ConformWish, result: ConformResult): string[] {
  const directory = join(out, `conform-${role.replace(/\W/g, '-')}-${result.runId}`)
  mkdirSync(directory, { recursive: true })
  const files: [string, string][] = [['result.json', `${JSON.stringify(result, null, 2)}\n`], ['junit.xml', junitReport(result, language)], ['index.html', htmlReport(result, language)]]
  return files.map(([name, text]) => {
    const file = join(directory, name)
    writeFileSync(file, text)
    return file
  })
}

/** Any answer will do. */
async function whyUnreachable(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PREFLIGHT_MS) })
    await answer.body?.cancel()
    return undefined
  } catch (error) {
    return (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message
  }
}

/** Short, since identifiers of test data carry it. */
function runIdOf(nowMs: number): string { return Math.floor(nowMs / 1_000).toString(36).slice(-6) }
