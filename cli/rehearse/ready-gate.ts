/**
 * The barrier between k6 and the runbook: k6's `setup()` asks `url` and waits; `arrived` says that as many k6 processes as expected have really
 * started; `open()` answers all of them at once, and that moment is the run's start on every side.
 */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ReadyGate = { url: string; arrived: Promise<void>; open: () => void; close: () => void }

export async function startReadyGate(host: string, expected = 1): Promise<ReadyGate> {
  const waiting: ServerResponse[] = []
  let opened = false
  let came = 0
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    came += 1
    if (came === expected) arrive()
    if (opened) response.end('go')
    else waiting.push(response)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host}:${port}/ready`,
    arrived,
    open: () => { opened = true; for (const response of waiting.splice(0)) response.end('go') },
    close: () => { server.closeAllConnections(); server.close() },
  }
}
