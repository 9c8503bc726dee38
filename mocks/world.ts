/**
 * What the simulators share and do not make themselves: the two clocks, the seed and the keys. The scenario clock stands at the window's start
 * until the control `clock` says that the run has begun; it is the process's, so telling one simulator tells all. For vendors also: a clock that can be
 * moved, magic identifiers, and a journal of exchanges; a rehearsal has none of them.
 */
import { HarnessError } from '../contracts/error.ts'
import type { ContractProfile } from '../contracts/partner-api/contract-profile.ts'
import { compileWires, type RoleWire } from '../contracts/partner-api/wire.ts'
import { createClock, type Clock } from './behaviour/clock.ts'
import type { Journals } from './journal/journal.ts'
import { createMemory, REMEMBERED, type Memory } from './memory.ts'

export type World = Clock & {
  seed: number
  /** The HMAC key of the one who signs: under its system id (`partner-justice`) or its bare id (`justice`). */
  keyOf: (systemId: string) => string
  /** Undefined where nobody has that id. */
  findKey: (systemId: string) => string | undefined
  /** How a role speaks over the wire; undefined where it is by canonical names. */
  wireOf: (role: string) => RoleWire | undefined
  /** Whether magic identifiers (contracts/partner-api/magic.ts) count. */
  magic: boolean
  journals: Journals | undefined
  /** A new one for each that remembers. */
  memoryOf: (system: string) => Memory
}

export type WorldOptions = {
  seed: number; scenarioStartMs: number; keys: Readonly<Record<string, string>>; wallNow?: () => number
  movable?: boolean; magic?: boolean; journals?: Journals; contractProfile?: ContractProfile | undefined
  /** How many of a kind a partner remembers (memory.ts). */
  remembered?: number | undefined
}

export function createWorld(options: WorldOptions): World {
  const wires = options.contractProfile && compileWires(options.contractProfile)
  const keys = new Map(Object.entries(options.keys))
  const findKey = (systemId: string) => keys.get(systemId) ?? keys.get(systemId.replace(/^partner-/, ''))
  return {
    ...createClock(options),
    seed: options.seed,
    magic: options.magic ?? false,
    journals: options.journals,
    findKey,
    memoryOf: (system) => createMemory(system, options.remembered ?? REMEMBERED),
    wireOf(role) {
      const wire = wires?.get(role)
      return wire?.profile === undefined ? undefined : wire
    },
    keyOf(systemId) {
      const key = findKey(systemId)
      if (key === undefined) throw new HarnessError({ code: 'SIGNING_KEY_MISSING', what: `no signing key for "${systemId}"`, mend: 'give it one in "keys" of the simulators\' configuration' })
      return key
    },
  }
}
