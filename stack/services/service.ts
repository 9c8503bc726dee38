/** The seam of the reference stack's services: one folder each, exporting `start`, registered in `services/index.ts`. */
import type { ServiceConfig } from '../../contracts/process.ts'

export type RunningService = { close: () => Promise<void> }
export type StartService = (config: ServiceConfig) => Promise<RunningService>

/** Business base URL of another system; a service that needs one it was not told cannot start. */
export function requireUrl(config: Pick<ServiceConfig, 'id' | 'urls'>, systemId: string): string {
  const url = config.urls[systemId]
  if (!url) throw new Error(`${config.id} was not told the URL of "${systemId}"`)
  return url.replace(/\/$/, '')
}

export function requireDatabase(config: Pick<ServiceConfig, 'id' | 'databaseUrl'>): string {
  if (!config.databaseUrl) throw new Error(`${config.id} was not told its database`)
  return config.databaseUrl
}
