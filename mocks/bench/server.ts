/**
 * A process to be measured: `raw`, or `ours` with a server for each number of routes given, which share the compiled code, so that they differ in nothing but
 * the routes. Tells its ports; asked, its CPU time. Ends when the channel closes.
 */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { plainConduct } from '../behaviour/conduct.ts'
import { createJournals } from '../journal/journal.ts'
import { createEndpoint } from '../server/endpoint.ts'
import { startFastServer } from '../server/fast-server.ts'
import { book, ledgerRoutes, PATH, type Ledger, type Payment } from './ledger-route.ts'

/** As `tongduyet mocks` keeps it. */
const JOURNAL_SIZE = 1_000

async function startRaw(): Promise<Server> {
  const ledger: Ledger = new Map()
  const server = createServer({ keepAliveTimeout: 120_000, noDelay: true }, (request, response) => {
    if (request.url !== PATH || request.method !== 'POST') { response.writeHead(404).end(); return }
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const text = JSON.stringify(book(ledger, JSON.parse(Buffer.concat(pieces).toString('utf8')) as Payment))
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      response.end(text)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function startOurs(routeCount: number): Promise<Server> {
  const routes = ledgerRoutes(routeCount)
  const conduct = { ...plainConduct(routes), journal: createJournals({ size: JOURNAL_SIZE }).of('bench') }
  return startFastServer(createEndpoint(routes, new Map() as Ledger, conduct), { host: '127.0.0.1', port: 0 })
}

const [kind, ...routeCounts] = process.argv.slice(2)
const servers = await Promise.all(kind === 'raw' ? [startRaw()] : routeCounts.map((count) => startOurs(Number(count))))
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send!({ cpuUs: user + system })
})
process.once('disconnect', () => process.exit(0))
process.send!({ ports: servers.map((server) => (server.address() as AddressInfo).port) })
