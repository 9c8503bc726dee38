/**
 * Makes simulators without giving them addresses of their own, for whoever serves them together (`tongduyet mocks`): one world, one journal, a clock that
 * can be moved and magic identifiers if asked for. Where one cannot be made, those made before are closed and the error goes up.
 */
import type { SimulatorsConfig } from '../contracts/process.ts'
import { createJournals, type Journals } from './journal/journal.ts'
import { makerOf } from './registry.ts'
import type { Simulator } from './simulator.ts'
import { createWorld, type World } from './world.ts'

export type MadeSimulators = { world: World; journals: Journals; simulators: ReadonlyMap<string, Simulator>; close: () => Promise<void> }
export type MakeOptions = { movable: boolean; magic: boolean; journalSize: number; /** Of a kind, at each partner. */ remembered?: number | undefined }

export async function makeSimulators(config: SimulatorsConfig, { movable, magic, journalSize, remembered }: MakeOptions): Promise<MadeSimulators> {
  const journals = createJournals({ size: journalSize })
  const world = createWorld({ ...config, movable, magic, journals, remembered })
  const simulators = new Map<string, Simulator>()
  const close = async () => { await Promise.all([...simulators.values()].map((simulator) => simulator.close())) }
  try {
    for (const [id, host] of Object.entries(config.hosts)) simulators.set(id, await makerOf(id)(config, world, host))
  } catch (error) {
    await close()
    throw error
  }
  return { world, journals, simulators, close }
}
