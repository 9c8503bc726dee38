/**
 * Watches what the engine tells of a run: the end of each container that was made known, and an engine that goes away. In the second case the run cannot go on:
 * `lost` is called once, with DOCKER_LOST.
 */
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { HarnessError } from '../../contracts/error.ts'
import { ask, type Docker } from './docker.ts'
import { RUN_LABEL } from './ownership.ts'

export type Death = { id: string; exitCode: number }
/** `know`: a container can have ended before whoever starts it hears its id; what was told of it by then is told now. */
export type RunWatch = { know: (id: string) => void; close: () => void }

export async function watchRun(docker: Docker, runId: string, told: { died: (death: Death) => void; lost: (error: HarnessError) => void }): Promise<RunWatch> {
  const stream = await ask('watching the containers', docker.getEvents({ filters: { type: ['container'], label: [`${RUN_LABEL}=${runId}`], event: ['die'] } })) as Readable
  const known = new Set<string>()
  const early = new Map<string, Death>()
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
    const death = readEvent(line)
    if (!death || closed) return
    if (known.has(death.id)) told.died(death)
    else early.set(death.id, death)
  })
  // Of the stream's error both tell; unheard it would end the harness.
  lines.on('error', gone)
  stream.on('error', gone)
  stream.once('close', gone)
  return {
    know: (id) => {
      known.add(id)
      const death = early.get(id)
      early.delete(id)
      if (death && !closed) told.died(death)
    },
    close: () => { closed = true; stream.destroy() },
  }
}

function readEvent(line: string): Death | undefined {
  try {
    const { id, Actor } = JSON.parse(line) as { id?: string; Actor?: { ID?: string; Attributes?: { exitCode?: string } } }
    const container = Actor?.ID ?? id
    return container === undefined ? undefined : { id: container, exitCode: Number(Actor?.Attributes?.exitCode ?? -1) }
  } catch { return undefined }
}
