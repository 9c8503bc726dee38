/** What goes wrong with an engine, an image, a container or a run: one coded error each, and nothing left; and runs that do not get into each other's way. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StackEvent } from '../../contracts/stack.ts'
import { connectDocker, type Docker, type Engine } from './docker.ts'
import { startContainer } from './container.ts'
import { buildImage, provideImages, tagOf } from './images.ts'
import { startContainers, type ContainersOptions } from './index.ts'
import { makeNetworks } from './networks.ts'
import { labelsOf, OWNER_LABEL, removeLeftovers, removeRun } from './ownership.ts'
import type { ContainerSpec } from './spec.ts'
import { NO_DOCKER } from './testing/docker-answers.ts'
import { testRunId, thingsOf } from './testing/things-of.ts'

let engine: Engine
let docker: Docker
let directory: string
let runs: string[]

beforeAll(async () => { if (NO_DOCKER === null) { engine = await connectDocker(); ({ docker } = engine) } })
beforeEach(({ skip }) => {
  runs = []
  directory = mkdtempSync(join(tmpdir(), 'containers-'))
  skip(NO_DOCKER !== null, NO_DOCKER ?? '')
})
afterEach(async () => {
  for (const runId of runs) await removeRun(docker, runId)
  rmSync(directory, { recursive: true, force: true })
})

/** What an engine keeps of another run is not this one's business. */
const onStuck = () => {}
const newRun = () => { runs.push(testRunId()); return runs.at(-1)! }
const options = (runId: string, change: Partial<ContainersOptions> = {}): ContainersOptions => ({
  runId, workDirectory: directory, simulatorsEntry: 'mocks/container-process.ts', seed: 1, timeScale: 1, scenarioStartMs: 0, legacyDossiers: 10, ...change,
})

/** Runs a module's text in a process of its own, with the stack's modules by their absolute addresses. */
function elsewhere(text: string, environment: NodeJS.ProcessEnv = {}) {
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href)
  return spawn(process.execPath, ['--input-type=module', '-e', `
    const { connectDocker } = await import(${module('./docker.ts')})
    const { makeNetworks } = await import(${module('./networks.ts')})
    const { labelsOf } = await import(${module('./ownership.ts')})
    ${text}`], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
}
async function firstLine(child: ReturnType<typeof spawn>): Promise<string> {
  const [line] = await once(createInterface(child.stdout!), 'line') as [string]
  return line
}

describe('a start that fails leaves nothing, and says why:', () => {
  it('a container that ends, with the end of its log', async () => {
    const runId = newRun()
    const events: StackEvent[] = []
    await expect(startContainers(options(runId, { simulatorsEntry: 'mocks/not-there.ts', onProgress: (event) => { events.push(event) } })))
      .rejects.toMatchObject({ problem: { code: 'CONTAINER_EXITED', what: expect.stringMatching(/^partners ended while the stack was starting \(1\).*Cannot find module '\/app\/mocks\/not-there\.ts'/su), where: join(directory, 'logs', 'partners.log') } })
    expect(events).toContainEqual(expect.objectContaining({ kind: 'child-exit', name: 'partners', code: 1 }))
    expect(await thingsOf(docker, runId)).toEqual([])
    expect(readdirSync(directory)).toEqual(['logs'])
    expect(readFileSync(join(directory, 'logs', 'partners.log'), 'utf8')).toContain('not-there.ts')
  }, 900_000)

  it('a run that is interrupted', async () => {
    const runId = newRun()
    const abort = new AbortController()
    const started = startContainers(options(runId, { signal: abort.signal, onProgress: (event) => { if (event.kind === 'started') abort.abort(new Error('interrupted')) } }))
    await expect(started).rejects.toThrow('interrupted')
    expect(await thingsOf(docker, runId)).toEqual([])
  }, 900_000)

  it('an image that does not build, with what the build said', async () => {
    writeFileSync(join(directory, 'node.Dockerfile'), 'FROM debian:bookworm-slim\nCOPY beside /beside\nRUN cat /beside && echo the very end && exit 7\n')
    writeFileSync(join(directory, 'beside'), 'copied text\n')
    await expect(buildImage(docker, 'node', { directory })).rejects.toMatchObject({ problem: {
      code: 'IMAGE_NOT_BUILT', what: expect.stringMatching(/returned a non-zero code: 7.*copied text.*the very end/su), where: join(directory, 'node.Dockerfile'),
    } })
    await expect(docker.getImage(tagOf('node', directory)).inspect()).rejects.toMatchObject({ statusCode: 404 })
  }, 120_000)

  it('a disk that is full while an image is built', async () => {
    // The kernel's own device that is always full.
    writeFileSync(join(directory, 'node.Dockerfile'), 'FROM debian:bookworm-slim\nRUN cp /etc/passwd /dev/full\n')
    await expect(buildImage(docker, 'node', { directory })).rejects.toMatchObject({ problem: { code: 'DOCKER_DISK_FULL', what: expect.stringMatching(/^building the image node: .*No space left on device/u), mend: expect.stringContaining('docker system df') } })
  }, 120_000)

  it('a disk that is full while a container is made', async () => {
    const runId = newRun()
    const labels = labelsOf(runId)
    const networks = await makeNetworks(docker, { runId, zones: ['edge'], labels })
    const { node } = await provideImages(engine, ['node'], { signal: new AbortController().signal, onProgress: () => {} })
    const context = { docker, runId, labels, networks, signal: new AbortController().signal }
    const spec: ContainerSpec = { name: 'portal', image: 'node', command: ['sleep', '60'], files: [{ path: '/data/config.json', content: 'x'.repeat(3_000_000) }], zones: [{ zone: 'edge', address: `${networks.get('edge')!.prefix}.11` }], memoryMb: 64, volume: { target: '/data', limitMb: 1 } }
    await expect(startContainer(context, spec, node)).rejects.toMatchObject({ problem: { code: 'DOCKER_DISK_FULL', what: expect.stringMatching(/^starting portal: .*no space left on device/u) } })
    await removeRun(docker, runId)
    expect(await thingsOf(docker, runId)).toEqual([])
  }, 900_000)

  it('an engine that does not answer', async () => {
    const child = elsewhere(`await connectDocker().catch((error) => console.log(JSON.stringify(error.problem)))`, { DOCKER_HOST: 'unix:///nonexistent/docker.sock' })
    const problem = JSON.parse(await firstLine(child)) as { code: string; what: string; mend: string }
    expect(problem).toMatchObject({ code: 'DOCKER_UNREACHABLE', what: expect.stringContaining('unix:///nonexistent/docker.sock'), mend: expect.stringContaining('--target embedded') })
  })
})

describe('two runs side by side', () => {
  it('take subnets that do not overlap', async () => {
    const made = await Promise.all([newRun(), newRun(), newRun()].map((runId) => makeNetworks(docker, { runId, zones: ['edge', 'portal'], labels: labelsOf(runId) })))
    const subnets = made.flatMap((networks) => [...networks.values()].map(({ subnet }) => subnet))
    expect(new Set(subnets).size).toBe(6)
  })
})

describe('what a killed run has left', () => {
  it('is cleared away by the next, and what a living one owns stays', async () => {
    const [dead, living] = [newRun(), newRun()]
    const { Id: image } = await docker.getImage('debian:bookworm-slim').inspect()
    const child = elsewhere(`
      const { docker } = await connectDocker()
      const labels = labelsOf('${dead}')
      const networks = await makeNetworks(docker, { runId: '${dead}', zones: ['edge'], labels })
      await docker.createVolume({ Name: 'tongduyet-${dead}-postgres-new', Labels: labels })
      const container = await docker.createContainer({
        name: 'tongduyet-${dead}-portal', Image: '${image}', Cmd: ['sleep', '600'], Labels: labels,
        HostConfig: { NetworkMode: networks.get('edge').name, Binds: ['tongduyet-${dead}-postgres-new:/data'] },
      })
      await container.start()
      console.log('made')
      setInterval(() => {}, 1000)`)
    expect(await firstLine(child)).toBe('made')
    await makeNetworks(docker, { runId: living, zones: ['edge'], labels: labelsOf(living) })
    // Its owner lives: nobody touches it.
    expect(await removeLeftovers(docker, { onStuck })).not.toContain(dead)
    expect(await thingsOf(docker, dead)).toEqual([`tongduyet-${dead}-edge`, `tongduyet-${dead}-portal`, `tongduyet-${dead}-postgres-new`])
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await removeLeftovers(docker, { onStuck })).toContain(dead)
    expect(await thingsOf(docker, dead)).toEqual([])
    expect(await thingsOf(docker, living)).toEqual([`tongduyet-${living}-edge`])
  }, 60_000)

  it('before the machine was booted again is cleared away, and what another machine made since stays', async () => {
    const [earlier, elsewhereNow] = [newRun(), newRun()]
    const ofAnotherBoot = (runId: string) => ({ ...labelsOf(runId), [OWNER_LABEL]: `00000000-0000-4000-8000-000000000000 pid:[1] 7 77` })
    const { Id: image } = await docker.getImage('debian:bookworm-slim').inspect()
    const made = async (runId: string) => {
      const labels = ofAnotherBoot(runId)
      await makeNetworks(docker, { runId, zones: ['edge'], labels })
      await docker.createVolume({ Name: `tongduyet-${runId}-data`, Labels: labels })
      await docker.createContainer({ name: `tongduyet-${runId}-portal`, Image: image, Cmd: ['true'], Labels: labels })
    }
    await made(earlier)
    expect(await removeLeftovers(docker, { onStuck })).not.toContain(earlier)
    // The engine tells whole seconds.
    const bootedAt = Date.now() + 1_000
    expect(await removeLeftovers(docker, { bootedAt, onStuck })).toContain(earlier)
    expect(await thingsOf(docker, earlier)).toEqual([])
    await made(elsewhereNow)
    expect(await removeLeftovers(docker, { onStuck })).not.toContain(elsewhereNow)
    expect(await thingsOf(docker, elsewhereNow)).toHaveLength(3)
  }, 60_000)
})
