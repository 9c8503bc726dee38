/** The output of a container as it comes, into a file of the run's folder: what is there stays there, also where the engine is lost. */
import { createWriteStream, readFileSync } from 'node:fs'
import { PassThrough, type Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ask, type Docker } from './docker.ts'

const TAIL_CHARACTERS = 2_000
const TAIL_LINES = 16

/** Both of its outputs, or its stderr alone; all of it, or what it said since a moment (epoch seconds). `done` settles when the container has ended and all is here. */
export async function followLogs(docker: Docker, id: string, name: string, only?: 'stderr', sinceS?: number): Promise<{ output: Readable; done: Promise<void> }> {
  const from = sinceS === undefined ? {} : { since: sinceS }
  const stream = await ask(`following the log of ${name}`, docker.getContainer(id).logs({ follow: true, stdout: only === undefined, stderr: true, ...from })) as unknown as Readable
  const output = new PassThrough()
  docker.modem.demuxStream(stream, output, output)
  const done = finished(stream).catch(() => {}).then(() => { output.end() })
  return { output, done }
}

export async function logToFile(docker: Docker, id: string, name: string, file: string, sinceS?: number): Promise<{ done: Promise<void> }> {
  const { output, done } = await followLogs(docker, id, name, undefined, sinceS)
  const written = createWriteStream(file, { flags: 'a' })
  // A disk that is full must not end the harness by an unhandled error; the run's own records say so.
  written.on('error', () => output.resume())
  output.pipe(written)
  return { done: done.then(() => finished(written).catch(() => {})) }
}

export function tailOf(file: string): string {
  try { return readFileSync(file, 'utf8').slice(-TAIL_CHARACTERS).trim().split('\n').filter((line) => line.trim() !== '').slice(-TAIL_LINES).join(' | ') } catch { return '' }
}
