/**
 * Child entry: keeps the PostgreSQL of one run. It is a process of its own so that the server ends and its data goes also when the run is
 * killed: the channel closes, and this process takes PostgreSQL with it.
 */
import { z } from 'zod'
import { runChild } from './child-entry.ts'
import { startPostgres } from './postgres.ts'

const PostgresMessage = z.strictObject({
  host: z.string(), port: z.int(), user: z.string(), password: z.string(), dataDirectory: z.string(), installation: z.string().optional(),
})

runChild(async (message, signal) => {
  const server = await startPostgres(PostgresMessage.parse(message), signal)
  let stopping = false
  void server.exited.then(async () => {
    if (stopping) return
    await server.stop()
    process.exit(1)
  })
  return {
    reply: { postmaster: server.pid },
    close: async () => { stopping = true; await server.stop() },
  }
}, ({ close }) => close())
