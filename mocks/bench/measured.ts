/** A server that is measured, and what asks it: the same requests over the same number of kept connections, each answer read whole. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Client } from 'undici'
import { PATH, payment } from './ledger-route.ts'

export type Measured = { port: number; /** CPU time since its start, µs. */ cpuUs: () => Promise<number> }

const CONNECTIONS = 8
const SUBJECTS = 5_000

/** A child process with one server or several, which are measured one at a time. */
export async function startChild(...args: readonly string[]): Promise<{ servers: Measured[]; stop: () => Promise<void> }> {
  const child = fork(new URL('server.ts', import.meta.url), [...args])
  const [{ ports }] = await once(child, 'message') as [{ ports: number[] }]
  const cpuUs = async () => {
    const answered = once(child, 'message')
    child.send('cpu')
    return ((await answered)[0] as { cpuUs: number }).cpuUs
  }
  return {
    servers: ports.map((port) => ({ port, cpuUs })),
    async stop() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

/** Asked before a measurement begins, and not counted: connections are open then, and caches hold this server and not the last one. */
const LEAD_IN = 200

/** CPU time per request, µs. */
export async function cpuPerRequest(measured: Measured, requests: number): Promise<number> {
  const clients = Array.from({ length: CONNECTIONS }, () => new Client(`http://127.0.0.1:${measured.port}`, { pipelining: 1 }))
  try {
    await ask(clients, LEAD_IN)
    const before = await measured.cpuUs()
    await ask(clients, requests)
    return (await measured.cpuUs() - before) / requests
  } finally { await Promise.all(clients.map((client) => client.close())) }
}

async function ask(clients: readonly Client[], requests: number): Promise<void> {
  let asked = 0
  await Promise.all(clients.map(async (client) => {
    while (asked < requests) {
      asked += 1
      const { statusCode, body } = await client.request({ method: 'POST', path: PATH, headers: { 'content-type': 'application/json' }, body: BODIES[asked % SUBJECTS]! })
      const text = await body.text()
      if (statusCode !== 200) throw new Error(`${statusCode} ${text}`)
    }
  }))
}

const BODIES = Array.from({ length: SUBJECTS }, (_, n) => JSON.stringify(payment(n)))
