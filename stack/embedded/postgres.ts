/**
 * One PostgreSQL server for one run: initdb, start, and an end that leaves nothing. Commits are durable as in production (fsync,
 * synchronous_commit); the rest is sized for two shared cores. POSTGRES_NOT_STARTED carries the end of what the server said. Neither programs nor directories outlive
 * this process, unless it is killed: then whoever started it ends its group and calls `removeScratchOf`.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { HarnessError } from '../../contracts/error.ts'
import { POSTGRES_SETTINGS } from '../postgres-settings.ts'
import { canReach, copyInstallation, installationDirectory, runAsWhom, type RunAs } from './postgres-install.ts'

export type PostgresConfig = {
  host: string; port: number; user: string; password: string
  /** Made anew, removed at the end. */
  dataDirectory: string
  /** Directory with bin/, lib/, share/; the one that came with the packages by default. */
  installation?: string
}
export type PostgresServer = { pid: number; exited: Promise<void>; stop: () => Promise<void> }

const READY_WITHIN_MS = 20_000
const SAID_CHARACTERS = 1_200

const SCRATCH = 'tongduyet-postgres-'

/** Directories in the system's temporary one, of a process that could not remove them itself. */
export async function removeScratchOf(pid: number): Promise<void> {
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith(`${SCRATCH}${pid}-`))
  for (const name of left) await rm(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 3 })
}

export async function startPostgres(config: PostgresConfig, signal?: AbortSignal): Promise<PostgresServer> {
  const runAs = await runAsWhom()
  const scratch: string[] = []
  const onExit = () => { for (const directory of scratch) rmSync(directory, { recursive: true, force: true, maxRetries: 3 }) }
  process.once('exit', onExit)
  const removeAll = async () => {
    for (const directory of scratch) await rm(directory, { recursive: true, force: true, maxRetries: 3 })
    process.off('exit', onExit)
  }
  try {
    const { dataDirectory, installation } = await prepare(config, runAs, scratch)
    const password = join(dataDirectory, '.password')
    await writeFile(password, `${config.password}\n`, { mode: 0o600 })
    if (runAs.uid !== undefined) await chown(password, runAs.uid, runAs.gid)
    signal?.throwIfAborted()
    const cluster = join(dataDirectory, 'cluster')
    await runInitdb(join(installation, 'bin', 'initdb'), [
      '-D', cluster, '-U', config.user, `--pwfile=${password}`, '--auth=scram-sha-256', '--encoding=UTF8',
      // PostgreSQL's own C.UTF-8: the same on every machine, whatever locales it has.
      '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync', '--no-instructions',
    ], runAs, dataDirectory, signal)
    await rm(password)
    signal?.throwIfAborted()
    const settings = Object.entries({ ...POSTGRES_SETTINGS, io_method: 'sync' }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const server = launch(join(installation, 'bin', 'postgres'), ['-D', cluster, '-h', config.host, '-p', String(config.port), ...settings], runAs, dataDirectory)
    await ready(server, signal)
    return {
      pid: server.process.pid!,
      exited: server.exited.then(() => {}),
      stop: async () => { await end(server); await removeAll() },
    }
  } catch (error) {
    await removeAll()
    signal?.throwIfAborted()
    throw error instanceof HarnessError ? error : notStarted((error as Error).message, '')
  }
}

/** Data directory and programs where the user that runs the server can walk to. */
async function prepare(config: PostgresConfig, runAs: RunAs, scratch: string[]): Promise<{ dataDirectory: string; installation: string }> {
  let { dataDirectory } = config
  let installation = config.installation ?? installationDirectory()
  await mkdir(dirname(dataDirectory), { recursive: true })
  const own = async (directory: string) => {
    scratch.push(directory)
    await chmod(directory, 0o700)
    if (runAs.uid !== undefined) await chown(directory, runAs.uid, runAs.gid)
  }
  if (await canReach(runAs, dirname(dataDirectory))) await mkdir(dataDirectory)
  else dataDirectory = await mkdtemp(join(tmpdir(), `${SCRATCH}${process.pid}-`))
  await own(dataDirectory)
  if (!await canReach(runAs, join(installation, 'bin'))) {
    const copy = await mkdtemp(join(tmpdir(), `${SCRATCH}${process.pid}-programs-`))
    await own(copy)
    installation = await copyInstallation(installation, join(copy, 'native'))
  }
  return { dataDirectory, installation }
}

type Launched = { process: ChildProcess; said: () => string; exited: Promise<unknown>; whenReady: Promise<void> }

/** Everything that it says goes on to our own stderr, which is the log file; its end is kept for the error. */
function launch(program: string, parameters: string[], runAs: RunAs, cwd: string): Launched {
  const child = spawn(program, parameters, { ...runAs, cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' } })
  let said = ''
  const { promise: whenReady, resolve } = Promise.withResolvers<void>()
  const hear = (piece: Buffer) => {
    process.stderr.write(piece)
    said = (said + piece.toString('utf8')).slice(-SAID_CHARACTERS)
    if (said.includes('database system is ready to accept connections')) resolve()
  }
  child.stdout!.on('data', hear)
  child.stderr!.on('data', hear)
  const exited = once(child, 'close').catch((error: Error) => { said += error.message })
  // It would live on: PostgreSQL does not ask who started it.
  const onExit = () => { child.kill('SIGKILL') }
  process.once('exit', onExit)
  void exited.then(() => process.off('exit', onExit))
  return { process: child, said: () => said, exited, whenReady }
}

async function runInitdb(program: string, parameters: string[], runAs: RunAs, cwd: string, signal: AbortSignal | undefined): Promise<void> {
  const initdb = launch(program, parameters, runAs, cwd)
  const kill = () => { initdb.process.kill('SIGKILL') }
  signal?.addEventListener('abort', kill)
  await initdb.exited
  signal?.removeEventListener('abort', kill)
  if (initdb.process.exitCode !== 0) throw notStarted(`initdb ended with ${initdb.process.exitCode ?? initdb.process.signalCode ?? 'no program'}`, initdb.said())
}

async function ready(server: Launched, signal: AbortSignal | undefined): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<'late' | 'called off'>()
  const timer = setTimeout(() => resolve('late'), READY_WITHIN_MS)
  const callOff = () => resolve('called off')
  signal?.addEventListener('abort', callOff)
  const outcome = await Promise.race([server.whenReady.then(() => 'ready' as const), server.exited.then(() => 'ended' as const), over])
  signal?.removeEventListener('abort', callOff)
  clearTimeout(timer)
  if (outcome === 'ready') return
  await end(server)
  throw notStarted(outcome === 'late' ? `not ready within ${READY_WITHIN_MS} ms` : 'the server ended', server.said())
}

/** Immediate shutdown: its data is thrown away, so nothing needs to be written out. */
async function end({ process: server, exited }: Launched): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGQUIT')
  const timer = setTimeout(() => server.kill('SIGKILL'), 2_000)
  await exited
  clearTimeout(timer)
}

function notStarted(what: string, said: string): HarnessError {
  return new HarnessError({
    code: 'POSTGRES_NOT_STARTED', what: said ? `${what}; it said: ${said.trim().split('\n').slice(-6).join(' | ')}` : what,
    mend: 'free disk space, or another directory for the run (--out); tongduyet doctor says what is missing',
  })
}
