/**
 * What a run needs only while it lasts lies in `tmp/` of its folder, with the name of the process that owns it; nothing lies elsewhere. A run that is killed leaves it there,
 * and the next run into the same directory clears it away: of owners that are gone only. The records of a killed run stay.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunFolder } from '../../contracts/run-folder.ts'
import { isDead, ownerOf, ownerText } from '../../stack/containers/owner.ts'

const OWNER_FILE = 'owner'

export function scratchOf({ directory }: Pick<RunFolder, 'directory'>): string { return join(directory, 'tmp') }

/** Where the machine does not tell who a process is, nobody can be known to be gone, and nothing is said. */
export function claimScratch(folder: RunFolder): void {
  const owner = ownerText()
  mkdirSync(scratchOf(folder), { recursive: true })
  if (owner !== undefined) writeFileSync(join(scratchOf(folder), OWNER_FILE), owner)
}

export function dropScratch(folder: RunFolder): void { rmSync(scratchOf(folder), { recursive: true, force: true, maxRetries: 3 }) }

/** Names of the runs whose `tmp/` was cleared away. */
export function clearScratch(runsDirectory: string): string[] {
  return readdirSync(runsDirectory).filter((name) => {
    const scratch = join(runsDirectory, name, 'tmp')
    let owner
    try { owner = ownerOf(readFileSync(join(scratch, OWNER_FILE), 'utf8')) } catch { return false }
    if (!owner || !isDead(owner)) return false
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 })
    return true
  })
}
