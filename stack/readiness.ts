/** Waits until every system of the target says on its administration interface that it serves. SYSTEM_NOT_READY names those that do not. */
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { HarnessError } from '../contracts/error.ts'
import type { Target, TargetSystem } from '../contracts/target.ts'

const AGAIN_MS = 50

export async function waitUntilReady(target: Target, options: { withinMs: number; signal?: AbortSignal | undefined }): Promise<void> {
  const giveUp = AbortSignal.timeout(options.withinMs)
  const signal = options.signal ? AbortSignal.any([giveUp, options.signal]) : giveUp
  const waiting = new Map(target.systems.filter((system) => system.admin).map((system) => [system.id, 'no answer']))
  await Promise.all(target.systems.map((system) => waitForOne(system, waiting, signal)))
  options.signal?.throwIfAborted()
  if (waiting.size === 0) return
  const [first, last] = [...waiting][0]!
  throw new HarnessError({
    code: 'SYSTEM_NOT_READY', what: `${[...waiting.keys()].slice(0, 5).join(', ')}${waiting.size > 5 ? ` and ${waiting.size - 5} more` : ''} not ready within ${options.withinMs} ms (${first}: ${last})`,
    where: target.systems.find(({ id }) => id === first)!.admin!, mend: 'read the log of the process in the run folder; a slow machine needs less at the same time',
  })
}

async function waitForOne({ id, admin }: TargetSystem, waiting: Map<string, string>, signal: AbortSignal): Promise<void> {
  if (!admin) return
  while (!signal.aborted) {
    try {
      const { statusCode, body } = await request(`${admin}/ready`, { signal })
      await body.dump()
      if (statusCode === 200) { waiting.delete(id); return }
      waiting.set(id, `answered ${statusCode}`)
    } catch (error) { if (!signal.aborted) waiting.set(id, (error as Error).message) }
    await delay(AGAIN_MS, undefined, { signal }).catch(() => {})
  }
}
