/**
 * A reload of an nginx: it reads its files anew, and every worker of before has stopped listening and closed its idle connections when it returns. What was being answered
 * is answered, with `Connection: close`.
 */
import { readFileSync } from 'node:fs'
import { childrenOf, type Daemon } from '../agent/daemon.ts'
import { until } from '../agent/until.ts'

/** Loading the core rule set takes each worker some tenths of a second; a busy machine, more. */
const RELOAD_MS = 20_000

/** `inForce`: what else shows that the new files are. */
export async function reload(nginx: Daemon, what: string, inForce: () => Promise<boolean> = () => Promise.resolve(true)): Promise<void> {
  const before = childrenOf(nginx.pid)
  nginx.signal('SIGHUP')
  await until(what, async () => before.every(isLeaving) && await inForce(), RELOAD_MS)
}

/** A worker that nginx has told to leave says so in its title, and listens no more. */
function isLeaving(pid: number): boolean {
  try { return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('shutting down') } catch { return true }
}
