/** The SMS gateway as msw handlers, for tests of systems that notify: a gateway of its own for each call, receipts signed with the key given. */
import type { HttpHandler } from 'msw'
import { toMswHandlers } from '../server/msw.ts'
import { createWorld } from '../world.ts'
import { smsSimulator } from './simulator.ts'

export function smsHandlers(baseUrl: string, options: { key: string }): HttpHandler[] {
  const world = createWorld({ seed: 1, scenarioStartMs: Date.now(), keys: { sms: options.key } })
  return toMswHandlers(smsSimulator({ world }).endpoint, baseUrl)
}
