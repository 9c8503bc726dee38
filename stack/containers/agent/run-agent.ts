/**
 * What every agent does as the one process of its container: reads and checks its JSON file, starts the part, serves the administration interface
 * on all addresses. Ends with 0 on SIGTERM or SIGINT, after the daemon has ended; with 1 and the reason on stderr where the file does not hold, the
 * part does not start, or the daemon ends by itself.
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { startAdminServer, type AdminHandlers } from '../../../contracts/admin-server.ts'
import { ADMIN_PORT, CONFIG_FILE } from './command.ts'

export type RunningAgent = {
  admin: AdminHandlers
  /** Settles with the reason when the daemon has ended without having been asked to. */
  ended: Promise<string>
  close: () => Promise<void>
}

export async function runAgent<Config>(schema: z.ZodType<Config>, start: (config: Config) => Promise<RunningAgent>): Promise<void> {
  const stop = Promise.withResolvers<null>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.resolve(null))
  try {
    const file = process.argv[2] ?? CONFIG_FILE
    const agent = await start(schema.parse(JSON.parse(await readFile(file, 'utf8'))))
    const server = await startAdminServer({ host: '0.0.0.0', port: ADMIN_PORT, systems: new Map([['', agent.admin]]) })
    const reason = await Promise.race([stop.promise, agent.ended])
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await Promise.all([closed, agent.close()])
    if (reason !== null) throw new Error(reason)
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${(error as Error).stack ?? error}\n`)
    process.exit(1)
  }
}
