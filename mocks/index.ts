/**
 * Starts the simulated partners of a run, all in this process: each at its own address, with business on one port and administration on another.
 * In: SimulatorsConfig (contracts/process.ts). Out: something to close. Where one cannot start (an address in use, a key missing), those that
 * had started are stopped again and the error goes up.
 */
import type { Server } from 'node:http'
import { startAdminServer, type AdminHandlers } from '../contracts/admin-server.ts'
import { HarnessError } from '../contracts/error.ts'
import type { SimulatorsConfig } from '../contracts/process.ts'
import { gateListening } from './behaviour/listening-gate.ts'
import { controlSimulator } from './control.ts'
import { makerOf } from './registry.ts'
import { startFastServer, stopServer } from './server/fast-server.ts'
import type { Simulator } from './simulator.ts'
import { createWorld, type World } from './world.ts'

export type RunningSimulators = { close: () => Promise<void> }

export async function startSimulators(config: SimulatorsConfig): Promise<RunningSimulators> {
  const world = createWorld(config)
  const stops: (() => Promise<void>)[] = []
  const close = async () => { await Promise.all(stops.splice(0).map((stop) => stop())) }
  try {
    const makers = Object.entries(config.hosts).map(([id, host]) => ({ id, host, make: makerOf(id) }))
    const started = await Promise.allSettled(makers.map(async ({ id, host, make }) => {
      const simulator = await make(config, world, host)
      stops.push(simulator.close)
      const serve = async (port: number, start: () => Promise<Server>) => {
        const server = await start().catch((error: unknown) => { throw cannotListen(id, host, port, error) })
        stops.push(() => stopServer(server))
        return server
      }
      const server = await serve(config.port, () => startFastServer(simulator.endpoint, { host, port: config.port }))
      if (simulator.endpoint.behaviours) {
        const endGate = gateListening(server, simulator.endpoint.behaviours, { host, port: config.port })
        stops.push(async () => endGate())
      }
      await serve(config.adminPort, () => startAdminServer({ host, port: config.adminPort, systems: new Map([['', adminOf(simulator, world)]]) }))
    }))
    // Not Promise.all: one that fails must not hide another that is still about to listen.
    for (const result of started) if (result.status === 'rejected') throw result.reason
  } catch (error) {
    await close()
    throw error
  }
  return { close }
}

function adminOf(simulator: Simulator, world: World): AdminHandlers {
  return {
    system: simulator.id,
    ready: () => true,
    evidence: () => simulator.evidence(),
    pending: simulator.pending,
    forgotten: simulator.forgotten,
    served: simulator.endpoint.served,
    control: (control) => controlSimulator(simulator, world, control),
  }
}

function cannotListen(system: string, host: string, port: number, cause: unknown): HarnessError {
  const code = (cause as NodeJS.ErrnoException)?.code
  return new HarnessError({
    code: code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'SIMULATOR_NOT_STARTED', what: `${system} cannot listen at ${host}:${port} (${code ?? String(cause)})`,
    mend: 'end what uses the address, or let the run take another slot',
  }, { cause })
}
