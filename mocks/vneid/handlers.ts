/** VNeID as msw handlers, for tests of relying parties: a provider of its own for each call, nothing listens. */
import type { HttpHandler } from 'msw'
import { toMswHandlers } from '../server/msw.ts'
import { createWorld } from '../world.ts'
import { makeSigningKey } from './keys.ts'
import type { VneidClient } from './client.ts'
import { vneidSimulator } from './simulator.ts'

export async function vneidHandlers(baseUrl: string, client: VneidClient): Promise<HttpHandler[]> {
  const world = createWorld({ seed: 1, scenarioStartMs: Date.now(), keys: {}, magic: true })
  return toMswHandlers(vneidSimulator({ world, issuer: baseUrl, client, key: await makeSigningKey() }).endpoint, baseUrl)
}
