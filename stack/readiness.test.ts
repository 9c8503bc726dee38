import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import type { Target } from '../contracts/target.ts'
import { waitUntilReady } from './readiness.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) { server.closeAllConnections(); server.close() }
})

/** A target of systems that answer /ready with these statuses in turn, the last one for ever. */
async function targetOf(systems: Record<string, number[]>): Promise<Target> {
  const listed = await Promise.all(Object.entries(systems).map(async ([id, statuses]) => {
    let asked = 0
    const server = createServer((_request, response) => { response.writeHead(statuses[Math.min(asked++, statuses.length - 1)]!).end() })
    servers.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return { id, role: 'partner' as const, mode: 'simulated' as const, unit: 'partner', admin: `http://127.0.0.1:${(server.address() as { port: number }).port}` }
  }))
  return { systems: [...listed, { id: 'without-admin', role: 'partner', mode: 'absent', unit: 'partner' }] } as unknown as Target
}

test('systems that become ready in time are waited for', async () => {
  await expect(waitUntilReady(await targetOf({ portal: [503, 503, 200], legacy: [200] }), { withinMs: 30_000 })).resolves.toBeUndefined()
})

test('one that does not is named with its last answer', async () => {
  const target = await targetOf({ portal: [503], legacy: [200] })
  await expect(waitUntilReady(target, { withinMs: 300 })).rejects.toMatchObject({ problem: { code: 'SYSTEM_NOT_READY', what: expect.stringMatching(/^portal not ready within 300 ms \(portal: answered 503\)$/u) } })
})

test('interrupted: the reason is thrown', async () => {
  const abort = new AbortController()
  const waiting = waitUntilReady(await targetOf({ portal: [503] }), { withinMs: 30_000, signal: abort.signal })
  abort.abort(new Error('interrupted'))
  await expect(waiting).rejects.toThrow('interrupted')
})
