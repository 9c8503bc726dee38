/**
 * The Docker engine, reached through testcontainers' client, which knows where it listens. Neither its reaper nor its port forwarder is used: no image but
 * our own is needed, and our labels drive the clean-up. Fails with DOCKER_UNREACHABLE; what an engine says later becomes a coded error here
 * (DOCKER_DISK_FULL, DOCKER_FAILED). Every call is bounded: an engine that hangs is one that does not answer.
 */
import { statfs } from 'node:fs/promises'
import { getContainerRuntimeClient, type ContainerRuntimeClient } from 'testcontainers'
import { HarnessError } from '../../contracts/error.ts'

export type Docker = ContainerRuntimeClient['container']['dockerode']
export type Engine = { docker: Docker; version: string; /** Null where its directory is not of this machine. */ freeBytes: () => Promise<number | null> }

const ANSWERS_WITHIN_MS = 10_000
/** Starting a container on two busy cores takes seconds; nothing that is asked of the engine takes this long. */
const CALL_WITHIN_MS = 60_000
const EMBEDDED = 'run without it: --target embedded needs no Docker'

export async function connectDocker(): Promise<Engine> {
  try {
    const { container: { dockerode: docker } } = await withinMs(getContainerRuntimeClient(), ANSWERS_WITHIN_MS)
    if (!isMeant(docker)) throw new Error(`DOCKER_HOST names ${process.env['DOCKER_HOST']}, which does not answer`)
    // The client is kept for the life of the process; the engine may have gone since.
    const { ServerVersion: version, DockerRootDir: root } = await withinMs(docker.info() as Promise<{ ServerVersion: string; DockerRootDir: string }>, ANSWERS_WITHIN_MS)
    return { docker, version, freeBytes: async () => { try { const { bavail, bsize } = await statfs(root); return bavail * bsize } catch { return null } } }
  } catch (error) {
    throw new HarnessError({
      code: 'DOCKER_UNREACHABLE', what: `no Docker engine answers (${(error as Error).message})`,
      mend: `start Docker, or point DOCKER_HOST at an engine on this machine; ${EMBEDDED}`,
    }, { cause: error })
  }
}

/** The client goes on to other sockets where DOCKER_HOST does not answer; whoever named an engine does not mean another. */
function isMeant(docker: Docker): boolean {
  const named = process.env['DOCKER_HOST']
  if (!named) return true
  const { socketPath, host } = docker.modem as { socketPath?: string; host?: string }
  return named.startsWith('unix://') ? socketPath === named.slice('unix://'.length) : host === new URL(named).hostname
}

/** One call to the engine: what it throws comes out coded, and named by what was tried. */
export async function ask<T>(what: string, call: Promise<T>): Promise<T> {
  try { return await withinMs(call, CALL_WITHIN_MS) } catch (error) { throw dockerError(what, error) }
}

export function dockerError(what: string, error: unknown): Error {
  if (error instanceof HarnessError || (error as Error)?.name === 'AbortError') return error as Error
  const { message = String(error), code, statusCode } = error as { message?: string; code?: string; statusCode?: number }
  if (saysDiskFull(message)) return diskFull(what, message, error)
  if (code !== undefined || statusCode === undefined) {
    return new HarnessError({ code: 'DOCKER_UNREACHABLE', what: `${what}: the Docker engine does not answer any more (${message})`, mend: `start Docker again; ${EMBEDDED}` }, { cause: error })
  }
  return new HarnessError({ code: 'DOCKER_FAILED', what: `${what}: ${message}`, mend: 'read the message of the engine; docker info shows its state' }, { cause: error })
}

/** In the words of the kernel (ENOSPC), which the engine and programs pass on. */
export function saysDiskFull(text: string): boolean { return /no space left on device|not enough space/iu.test(text) }

export function diskFull(what: string, message: string, cause?: unknown): HarnessError {
  return new HarnessError({ code: 'DOCKER_DISK_FULL', what: `${what}: ${message.trim()}`, mend: 'free space where Docker keeps its data (docker system df shows what takes it)' }, { cause })
}

/** The engine does not have it (any more). */
export function isGone(error: unknown): boolean { return statusOf(error) === 404 }

export function statusOf(error: unknown): number | undefined {
  return (((error as Error)?.cause ?? error) as { statusCode?: number } | undefined)?.statusCode
}

async function withinMs<T>(promise: Promise<T>, ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1_000} s`)), ms)
  try { return await Promise.race([promise, late]) } finally { clearTimeout(timer) }
}
