/** The services of the reference stack by system id, each loaded only when it is started, and the schema files of their databases. */
import { fileURLToPath } from 'node:url'
import type { StartService } from './service.ts'

export const SERVICES: Record<string, StartService> = {
  portal: async (config) => (await import('./portal/index.ts')).start(config),
  legacy: async (config) => (await import('./legacy/index.ts')).start(config),
  coordination: async (config) => (await import('./coordination/index.ts')).start(config),
  catalogue: async (config) => (await import('./catalogue/index.ts')).start(config),
  payments: async (config) => (await import('./payments/index.ts')).start(config),
  notifications: async (config) => (await import('./notifications/index.ts')).start(config),
  feedback: async (config) => (await import('./feedback/index.ts')).start(config),
  statistics: async (config) => (await import('./statistics/index.ts')).start(config),
}

/** Absolute path of the schema that the service's database is made with. */
export function schemaFileOf(serviceId: string): string {
  return fileURLToPath(new URL(`./${serviceId}/schema.sql`, import.meta.url))
}
