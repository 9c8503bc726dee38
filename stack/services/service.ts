/** The seam of the reference stack's services: one folder each, exporting `start`, registered in `services/index.ts`. */
import type { ServiceConfig } from '../../contracts/process.ts'

export type RunningService = { close: () => Promise<void> }
export type StartService = (config: ServiceConfig) => Promise<RunningService>
