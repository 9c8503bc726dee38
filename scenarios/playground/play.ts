/** Plays a small plan with real k6 against played systems, in a directory of its own; gives the history as it stands in the file. */
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OperationLine } from '../../contracts/operation.ts'
import type { Plan } from '../../contracts/plan.ts'
import { startK6, type K6Run, type K6Start } from '../run-k6.ts'
import { k6Path } from './k6.ts'

export type Stage = { run: K6Run; files: Pick<K6Start, 'historyFile' | 'summaryFile' | 'stderrFile'>; history: () => Promise<OperationLine[]>; remove: () => Promise<void> }

export async function setStage(plan: Plan, changes: Partial<K6Start> = {}): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'played-'))
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  const barrier = createServer((_, response) => { arrive(); response.end('go') }).listen(0, '127.0.0.1')
  await once(barrier, 'listening')
  const remove = async () => {
    barrier.close()
    barrier.closeAllConnections()
    await rm(directory, { recursive: true, force: true })
  }
  const planFile = join(directory, 'plan.json')
  await writeFile(planFile, JSON.stringify(plan))
  const start: K6Start = {
    k6Path: k6Path!, planFile, historyFile: join(directory, 'w1.ndjson'), summaryFile: join(directory, 'w1.summary.json'), stderrFile: join(directory, 'w1.stderr.log'),
    worker: 'w1', readyUrl: `http://127.0.0.1:${(barrier.address() as AddressInfo).port}/ready`, arrived, startupTimeoutMs: 30_000, ...changes,
  }
  try {
    return { run: await startK6(start), files: start, history: () => readHistory(start.historyFile), remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function readHistory(file: string): Promise<OperationLine[]> {
  const text = await readFile(file, 'utf8')
  if (text !== '' && !text.endsWith('\n')) throw new Error(`${file} ends in the middle of a line`)
  return text.split('\n').filter(Boolean).map((line) => OperationLine.parse(JSON.parse(line)))
}
