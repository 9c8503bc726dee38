/**
 * The HTTP server of a service's business side: Fastify with the house's error body, `x-served-by`, a count of answers, a mode, and a limit
 * (control `limit`) beyond which requests wait or are refused with 503 OVERLOADED before anything of them was done.
 * `setMode` returns only when every request that began under the old mode has been answered: after `closed` or `frozen` came back,
 * nothing more is stored. Fails to listen as Node says it (EADDRINUSE, …).
 */
import { fastify, type FastifyInstance } from 'fastify'
import type { Control } from '../../contracts/api/admin.ts'
import { createLimiter } from './limiter.ts'
import { errorBody, ServiceError } from './service-error.ts'

export type BusinessServer = {
  app: FastifyInstance
  served: () => number
  mode: () => string
  setMode: (mode: string) => Promise<void>
  /** Answers control `limit`, and undefined for any other. */
  limit: (control: Control) => { limited: number } | undefined
  limited: () => number
}

const KEEP_ALIVE_MS = 75_000

export function createBusinessServer(options: { servedBy: string; mode: string }): BusinessServer {
  const app = fastify({ logger: false, keepAliveTimeout: KEEP_ALIVE_MS, forceCloseConnections: 'idle', exposeHeadRoutes: false })
  let served = 0
  let mode = options.mode
  const limiter = createLimiter()
  const underway = new Map<string, { count: number; drained: (() => void)[] }>()

  const group = (name: string) => {
    let entry = underway.get(name)
    if (!entry) underway.set(name, entry = { count: 0, drained: [] })
    return entry
  }

  app.addHook('onRequest', (_request, reply, done) => {
    const entry = group(mode)
    entry.count += 1
    reply.header('x-served-by', options.servedBy)
    // `close` comes after the answer and also where the client went away before it.
    reply.raw.once('close', () => {
      served += 1
      entry.count -= 1
      if (entry.count === 0) for (const resolve of entry.drained.splice(0)) resolve()
    })
    const waitMs = limiter.admit(performance.now())
    if (waitMs === 0) done()
    else if (waitMs === null) done(new ServiceError(503, 'OVERLOADED', `${options.servedBy} has more requests than it can work off`))
    else setTimeout(done, waitMs)
  })

  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, _request, reply) => {
    if (error instanceof ServiceError) return reply.code(error.statusCode).send(errorBody(error.code, error.message))
    if (error.statusCode !== undefined && error.statusCode < 500) return reply.code(error.statusCode).send(errorBody('REQUEST_INVALID', error.message))
    // SQLSTATE class 22: PostgreSQL cannot take a value that the schema let through (a date of the year 0).
    if (error.code?.startsWith('22')) return reply.code(400).send(errorBody('BODY_INVALID', error.message))
    process.stderr.write(`${options.servedBy}: ${error.stack ?? error.message}\n`)
    return reply.code(500).send(errorBody('SERVICE_FAILED', error.message))
  })
  app.setNotFoundHandler((request, reply) => reply.code(404).send(errorBody('ROUTE_UNKNOWN', `${request.method} ${request.url}`)))

  return {
    app,
    served: () => served,
    mode: () => mode,
    async setMode(next) {
      if (next === mode) return
      const before = group(mode)
      mode = next
      if (before.count > 0) await new Promise<void>((resolve) => before.drained.push(resolve))
    },
    limit(control) {
      if (control.action !== 'limit') return undefined
      limiter.set(control)
      return { limited: limiter.limited() }
    },
    limited: limiter.limited,
  }
}
