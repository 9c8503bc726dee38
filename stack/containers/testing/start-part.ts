/**
 * One part of the network in a container of its own, for tests: the stack's own image, built where it is not there, files put in, the checkout mounted as the
 * stack mounts it, ready when its administration interface says so. Everything it makes carries LABEL, and `close` takes it away.
 */
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { GenericContainer, getContainerRuntimeClient } from 'testcontainers'
import type { EvidenceRow } from '../../../contracts/evidence.ts'
import { APP, ADMIN_PORT } from '../agent/command.ts'
import { connectDocker } from '../docker.ts'
import { provideImages } from '../images.ts'
import type { ContainerSpec } from '../spec.ts'

const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url))
const LABEL = 'tongduyet.test'
const READY_MS = 60_000
const BUILD_WITHIN_MS = 10 * 60_000

export type StartedPart = {
  /** On Docker's default network, reachable from this machine. */
  host: string
  control: (body: object) => Promise<Record<string, unknown>>
  get: (path: string) => Promise<Record<string, unknown>>
  evidence: () => Promise<EvidenceRow[]>
  exec: (command: string[]) => Promise<string>
  /** What it wrote, once it has ended. */
  logs: () => Promise<string>
  /** Its exit code, once it has ended. */
  ended: () => Promise<number>
  stop: () => Promise<void>
  /** Again, after `stop`. */
  start: () => Promise<void>
  restart: () => Promise<void>
  close: () => Promise<void>
}

export async function startPart(spec: Pick<ContainerSpec, 'image' | 'command' | 'files' | 'name'>): Promise<StartedPart> {
  // Neither the reaper nor the port forwarder: this machine has no images but its own, and the address is reached as it is.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'
  const tags = await provideImages(await connectDocker(), [spec.image], { signal: AbortSignal.timeout(BUILD_WITHIN_MS), onProgress: () => {} })
  const container = await new GenericContainer(tags[spec.image]).withCommand([...spec.command]).withLabels({ [LABEL]: spec.name })
    .withBindMounts([{ source: CHECKOUT, target: APP, mode: 'ro' }])
    .withCopyContentToContainer(spec.files.map(({ path, content, mode }) => ({ target: path, content, mode })))
    .start()
  const { container: { dockerode } } = await getContainerRuntimeClient()
  const handle = dockerode.getContainer(container.getId())
  const logs = async () => String(await handle.logs({ stdout: true, stderr: true }))
  // A container that was stopped may come back with another address.
  let host = ''
  const admin = () => `http://${host}:${ADMIN_PORT}`
  const whenReady = async () => {
    host = (await handle.inspect()).NetworkSettings.Networks['bridge']!.IPAddress
    const latest = Date.now() + READY_MS
    while (!await fetch(`${admin()}/ready`).then((answer) => answer.ok, () => false)) {
      if (Date.now() > latest) throw new Error(`${spec.name} is not ready after ${READY_MS} ms: ${await logs()}`)
      await sleep(50)
    }
  }
  const json = async (answer: Response) => {
    const body = await answer.json() as Record<string, unknown>
    if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(body)}`)
    return body
  }
  const close = async () => { await handle.remove({ force: true, v: true }) }
  try { await whenReady() } catch (error) { await close(); throw error }
  return {
    get host() { return host },
    close, logs,
    control: async (body) => json(await fetch(`${admin()}/control`, { method: 'POST', body: JSON.stringify(body) })),
    get: async (path) => json(await fetch(`${admin()}${path}`)),
    evidence: async () => {
      const answer = await fetch(`${admin()}/evidence?mode=final`)
      const lines = (await answer.text()).trimEnd().split('\n')
      const end = JSON.parse(lines.pop()!) as { end?: { rows: number } }
      if (end.end?.rows !== lines.length) throw new Error(`evidence is not whole: ${JSON.stringify(end)} after ${lines.length} rows`)
      return lines.map((line) => JSON.parse(line) as EvidenceRow)
    },
    exec: async (command) => (await container.exec(command)).output,
    ended: async () => (await handle.wait() as { StatusCode: number }).StatusCode,
    stop: async () => { await handle.stop({ t: 10 }) },
    start: async () => { await handle.start(); await whenReady() },
    restart: async () => { await handle.restart({ t: 10 }); await whenReady() },
  }
}
