import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Docker } from './docker.ts'
import { watchRun, type Death } from './watch.ts'

/** An engine of which nothing is asked but what it tells. */
async function watching() {
  const stream = new PassThrough()
  const died: Death[] = []
  const lost: string[] = []
  const watch = await watchRun({ getEvents: () => Promise.resolve(stream) } as unknown as Docker, 'a-run', { died: (death) => died.push(death), lost: ({ problem }) => lost.push(problem.code) })
  const tell = async (...ids: string[]) => {
    for (const id of ids) stream.write(`${JSON.stringify({ Actor: { ID: id, Attributes: { exitCode: '1' } } })}\n`)
    await setImmediate()
  }
  return { watch, stream, died, lost, tell, names: () => died.map(({ id }) => id) }
}

describe('the watch of a run', () => {
  it('tells of a container that is known, each time', async () => {
    const { watch, tell, died } = await watching()
    watch.know('portal')
    await tell('portal', 'portal')
    expect(died).toEqual([{ id: 'portal', exitCode: 1 }, { id: 'portal', exitCode: 1 }])
  })

  it('tells what came before the container was known, whoever else became known meanwhile', async () => {
    const { watch, tell, names } = await watching()
    await tell('partners', 'edge')
    watch.know('portal')
    expect(names()).toEqual([])
    watch.know('partners')
    watch.know('partners')
    expect(names()).toEqual(['partners'])
    watch.know('edge')
    expect(names()).toEqual(['partners', 'edge'])
  })

  it('says nothing of who never becomes known, and nothing once it is closed', async () => {
    const { watch, stream, tell, names, lost } = await watching()
    await tell('k6', 'early')
    watch.know('portal')
    watch.close()
    watch.know('early')
    await tell('portal')
    stream.emit('close')
    expect([names(), lost]).toEqual([[], []])
  })

  it('is told once of an engine that goes away', async () => {
    const { stream, lost } = await watching()
    stream.destroy(new Error('gone'))
    await setImmediate()
    expect(lost).toEqual(['DOCKER_LOST'])
  })
})
