/** Makes a run's histories and the generators' records of the logs of k6-operator's pods, sealed like those of this machine. */
import { mkdirSync, readFileSync } from 'node:fs'
import { InputError } from '../../contracts/error.ts'
import { Plan } from '../../contracts/plan.ts'
import { runFolder } from '../../contracts/run-folder.ts'
import { podHistories } from '../../scenarios/emit/pod-histories.ts'
import { recordLoad } from '../rehearse/load-record.ts'

export async function takePods(directory: string, pods: string, nowMs: () => number): Promise<void> {
  const folder = runFolder(directory)
  const plan = planOf(folder.plan)
  for (const path of [folder.history, folder.evidence]) mkdirSync(path, { recursive: true })
  for (const { worker, end } of await podHistories({ directory: pods, workers: plan.workers, historyOf: folder.historyOf })) await recordLoad(folder, worker, end, nowMs)
}

function planOf(path: string): Plan {
  let json: unknown
  try { json = JSON.parse(readFileSync(path, 'utf8')) } catch (error) { throw unreadable(path, (error as Error).message) }
  const parsed = Plan.safeParse(json)
  if (!parsed.success) throw unreadable(path, parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  return parsed.data
}

function unreadable(path: string, what: string): InputError {
  return new InputError([{ code: 'RUN_PLAN_UNREADABLE', what, where: path, mend: 'name a run folder that holds a plan.json of this version' }])
}
