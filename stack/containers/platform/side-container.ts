/**
 * Containers of the harness's own beside a part: one that shares the part's network and may change it, so that no part needs a right of that kind itself; and one that
 * shares its volume. They carry the run's labels and go with it.
 */
import { ask, type Docker } from '../docker.ts'
import type { Parts } from './parts.ts'

const MEMORY_MB = 64

/** Runs a shell script in the part's network to its end. Out: exit code and all that it said. */
export async function runInNetworkOf(parts: Parts, name: string, script: string, environment: Readonly<Record<string, string>> = {}): Promise<{ code: number; said: string }> {
  const { docker, labels } = parts.context
  const container = await ask(`making a helper for ${name}`, docker.createContainer({
    Image: parts.tag, Cmd: ['sh', '-c', script], Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`), Labels: labels,
    HostConfig: { NetworkMode: `container:${parts.of(name).container.id}`, CapAdd: ['NET_ADMIN'], Memory: MEMORY_MB * 1024 ** 2, LogConfig: { Type: 'json-file', Config: {} } },
  }))
  try {
    // One that was only made counts as not running.
    const ended = container.wait({ condition: 'next-exit' }) as Promise<{ StatusCode: number }>
    ended.catch(() => {})
    await ask(`starting a helper for ${name}`, container.start())
    const { StatusCode: code } = await ask(`waiting for a helper of ${name}`, ended)
    return { code, said: readable(await ask(`reading a helper of ${name}`, container.logs({ stdout: true, stderr: true })) as unknown as Buffer) }
  } finally { await ask(`removing a helper of ${name}`, container.remove({ force: true })) }
}

/** Without a terminal each piece of output has eight bytes before it: which stream, and how long. */
export function readable(frames: Buffer): string {
  let text = ''
  for (let at = 0; at + 8 <= frames.length;) {
    const length = frames.readUInt32BE(at + 4)
    text += frames.toString('utf8', at + 8, at + 8 + length)
    at += 8 + length
  }
  return text.trim()
}

/** Runs a program in a container that is there. */
export async function execIn(docker: Docker, id: string, name: string, command: readonly string[]): Promise<{ code: number; said: string }> {
  const exec = await ask(`asking ${name}`, docker.getContainer(id).exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true }))
  const stream = await ask(`asking ${name}`, exec.start({}))
  const pieces: Buffer[] = []
  stream.on('data', (piece: Buffer) => { pieces.push(piece) })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  stream.once('end', resolve)
  stream.once('error', reject)
  await ask(`waiting for ${name}`, promise)
  const { ExitCode } = await ask(`asking ${name}`, exec.inspect())
  return { code: ExitCode ?? -1, said: readable(Buffer.concat(pieces)) }
}
