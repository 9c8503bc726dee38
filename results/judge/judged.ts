/** For tests: writes a run into a directory of its own, judges it, takes the directory away again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { judge, type Judgement } from './index.ts'
import type { RunBuilder } from './run-builder.ts'

/** `tamper` may change the files after they were written. */
export async function judged(run: RunBuilder, tamper: (directory: string) => void = () => {}): Promise<Judgement> {
  return inDirectory(run, async (directory) => {
    tamper(directory)
    return judge(directory)
  })
}

export async function inDirectory<T>(run: RunBuilder, use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'tongduyet-run-'))
  try { return await use(run.write(directory)) } finally { rmSync(directory, { recursive: true, force: true }) }
}

/** `{status, observed}` of a criterion by its id. */
export function criterionOf({ verdict }: Judgement, id: string): { status: string; observed: string } {
  const found = verdict.criteria.find((criterion) => criterion.id === id)
  if (!found) throw new Error(`no criterion ${id}; there are ${verdict.criteria.map((criterion) => criterion.id).join(', ')}`)
  return { status: found.status, observed: found.observed }
}

/** Criteria that did not pass, `id: status`. */
export function notPassed({ verdict }: Judgement): string[] {
  return verdict.criteria.filter((criterion) => criterion.status !== 'pass').map((criterion) => `${criterion.id}: ${criterion.status}`)
}
