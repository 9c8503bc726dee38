/**
 * Watches what the engine tells of a run: containers that end though nobody asked them to, and an engine that goes away. In the second case the run cannot go on:
 * `lost` is called once, with DOCKER_LOST.
 */
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { HarnessError } from '../../contracts/error.ts'
import { ask, type Docker } from './docker.ts'
import { RUN_LABEL } from './ownership.ts'

export type Death = { id: string; exitCode: number }

export async function watchRun(docker: Docker, runId: string, told: { died: (death: Death) => void; lost: (error: HarnessError) => void }): Promise<{ close: () => void }> {
  const stream = await ask('watching the containers', docker.getEvents({ filters: { type: ['container'], label: [`${RUN_LABEL}=${runId}`], event: ['die'] } })) as Readable
  let closed = false
  const gone = () => {
    if (closed) return
    closed = true
    told.lost(new HarnessError({
      code: 'DOCKER_LOST', what: 'the Docker engine went away while its containers were in use', where: `${RUN_LABEL}=${runId}`,
      mend: 'start Docker again; the next run with --target containers clears away what this one could not',
    }))
  }
  const lines = createInterface(stream)
  lines.on('line', (line) => {
    const event = readEvent(line)
    if (event && !closed) told.died(event)
  })
  // Of the stream's error both tell; unheard it would end the harness.
  lines.on('error', gone)
  stream.on('error', gone)
  stream.once('close', gone)
  return { close: () => { closed = true; stream.destroy() } }
}

function readEvent(line: string): Death | undefined {
  try {
    const { id, Actor } = JSON.parse(line) as { id?: string; Actor?: { ID?: string; Attributes?: { exitCode?: string } } }
    const container = Actor?.ID ?? id
    return container === undefined ? undefined : { id: container, exitCode: Number(Actor?.Attributes?.exitCode ?? -1) }
  } catch { return undefined }
}
