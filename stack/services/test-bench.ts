/**
 * What tests of services stand on: one real PostgreSQL for a test file, databases from the real schemas, services at loopback addresses of
 * their own, and neighbours (the systems around a service) as small real HTTP servers whose answers the test writes.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fastify, type FastifyInstance } from 'fastify'
import type { ServiceConfig } from '../../contracts/process.ts'
import { createDatabase, openPool } from '../database.ts'
import { startPostgres } from '../embedded/postgres.ts'
import { schemaFileOf } from './index.ts'

export const SCENARIO_START_MS = Date.UTC(2026, 3, 10, 14, 0)

/** An address that no run of the stack uses (slots end at 120) and no other test is likely to draw. */
export function freeHost(): string {
  const draw = (from: number, to: number) => from + Math.floor(Math.random() * (to - from + 1))
  return `127.${draw(130, 250)}.${draw(1, 250)}.${draw(1, 250)}`
}

export async function startTestPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'services-'))
  const host = freeHost()
  const server = await startPostgres({ host, port: 5432, user: 'tester', password: 'tester', dataDirectory: join(directory, 'data') })
  return {
    url: `postgresql://tester:tester@${host}:5432/postgres`,
    stop: async () => { await server.stop(); await rm(directory, { recursive: true, force: true }) },
  }
}

let made = 0
/** A fresh database with the service's own schema. */
export async function serviceDatabase(serverUrl: string, serviceId: string) {
  const url = await createDatabase(serverUrl, `${serviceId}_${made += 1}`, schemaFileOf(serviceId))
  const pool = openPool(url, 'test', 3)
  return { url, pool }
}

export function testConfig(id: string, settings: Partial<ServiceConfig> = {}): ServiceConfig {
  return {
    id, host: freeHost(), port: 8080, adminPort: 9090, databaseUrl: null, urls: {}, portalHost: 'portal.dvcqg.test', keys: {},
    vneidClient: { clientId: 'test-portal', clientSecret: 'test-secret' }, seed: 1, legacyDossiers: 100, timeScale: 140, scenarioStartMs: SCENARIO_START_MS, ...settings,
  }
}

export type Received = { method: string; path: string; body: any }
export type Neighbour = {
  url: string
  received: Received[]
  app: FastifyInstance
  /** Resolves when so many requests have arrived. */
  arrived: (count: number) => Promise<Received[]>
  close: () => Promise<void>
}

type NeighbourAnswer = { status: number; body?: unknown }

/** `answer` gives status and body of every request; one that waits keeps its caller waiting. `at`: an address that it had before. */
export async function startNeighbour(answer: (request: Received) => NeighbourAnswer | Promise<NeighbourAnswer>, at?: URL): Promise<Neighbour> {
  const app = fastify({ forceCloseConnections: true })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))))
  const received: Received[] = []
  const watchers: { count: number; resolve: (all: Received[]) => void }[] = []
  app.all('/*', async (request, reply) => {
    const one: Received = { method: request.method, path: request.url, body: request.body }
    received.push(one)
    for (const watcher of watchers) if (received.length >= watcher.count) watcher.resolve(received)
    const { status, body } = await answer(one)
    return reply.code(status).send(body ?? {})
  })
  const url = await app.listen({ host: at?.hostname ?? freeHost(), port: Number(at?.port ?? 0) })
  return {
    url, received, app,
    arrived: (count) => (received.length >= count ? Promise.resolve(received) : new Promise((resolve) => { watchers.push({ count, resolve }) })),
    close: () => app.close(),
  }
}

export function businessUrl(config: ServiceConfig): string { return `http://${config.host}:${config.port}` }

export async function control(config: ServiceConfig, body: unknown): Promise<{ status: number; body: any }> {
  const answer = await fetch(`http://${config.host}:${config.adminPort}/control`, { method: 'POST', body: JSON.stringify(body) })
  return { status: answer.status, body: await answer.json() }
}

/** The rows of a complete read; throws where the closing line is missing or counts otherwise. */
export async function evidenceOf(config: ServiceConfig): Promise<any[]> {
  const text = await (await fetch(`http://${config.host}:${config.adminPort}/evidence?mode=final`)).text()
  const lines = text.trimEnd().split('\n').map((line) => JSON.parse(line))
  const { end } = lines.pop()
  if (end?.rows !== lines.length) throw new Error(`evidence of ${config.id} is incomplete`)
  return lines
}

export async function pendingOf(config: ServiceConfig): Promise<number> {
  return (await (await fetch(`http://${config.host}:${config.adminPort}/pending`)).json() as { pending: number }).pending
}
