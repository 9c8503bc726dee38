/**
 * One part of the network in a container of its own, for tests: image built from its Dockerfile where it is not there, files put in, the checkout mounted as the
 * stack mounts it, ready when its administration interface says so. Everything it makes carries LABEL, and `close` takes it away.
 */
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { GenericContainer } from 'testcontainers'
import type { EvidenceRow } from '../../../contracts/evidence.ts'
import { APP, ADMIN_PORT } from '../agent/command.ts'
import type { ContainerSpec } from '../spec.ts'

const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url))
const IMAGES = fileURLToPath(new URL('../images/', import.meta.url))
const LABEL = 'tongduyet.test'
const READY_MS = 60_000

export type StartedPart = {
  /** On Docker's default network, reachable from this machine. */
  host: string
  control: (body: object) => Promise<Record<string, unknown>>
  get: (path: string) => Promise<Record<string, unknown>>
  evidence: () => Promise<EvidenceRow[]>
  exec: (command: string[]) => Promise<string>
  /** What it wrote, and the exit code once it has ended. */
  logs: () => Promise<string>
  restart: () => Promise<void>
  close: () => Promise<void>
}

export async function startPart(spec: Pick<ContainerSpec, 'image' | 'command' | 'files' | 'name'>): Promise<StartedPart> {
  // Neither the reaper nor the port forwarder: this machine has no images but its own, and the address is reached as it is.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'
  const image = await GenericContainer.fromDockerfile(IMAGES, `${spec.image}.Dockerfile`).withCache(true).build(`tongduyet-test/${spec.image}`, { deleteOnExit: false })
  let said = ''
  const container = await image.withCommand([...spec.command]).withLabels({ [LABEL]: spec.name })
    .withBindMounts([{ source: CHECKOUT, target: APP, mode: 'ro' }])
    .withCopyContentToContainer(spec.files.map(({ path, content, mode }) => ({ target: path, content, mode })))
    .withLogConsumer((stream) => stream.on('data', (piece) => { said += String(piece) }))
    .start()
  const hostNow = () => container.getIpAddress('bridge')
  const admin = () => `http://${hostNow()}:${ADMIN_PORT}`
  const whenReady = async () => {
    const latest = Date.now() + READY_MS
    while (!await fetch(`${admin()}/ready`).then((answer) => answer.ok, () => false)) {
      if (Date.now() > latest) throw new Error(`${spec.name} is not ready after ${READY_MS} ms: ${said}`)
      await sleep(50)
    }
  }
  const json = async (answer: Response) => {
    const body = await answer.json() as Record<string, unknown>
    if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(body)}`)
    return body
  }
  const close = async () => { await container.stop({ timeout: 10_000, remove: true, removeVolumes: true }) }
  try { await whenReady() } catch (error) { await close(); throw error }
  return {
    host: hostNow(), close,
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
    logs: async () => said,
    restart: async () => { await container.restart(); await whenReady() },
  }
}
