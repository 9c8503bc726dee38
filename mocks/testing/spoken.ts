/**
 * By which contract profile the tests of a file speak. A test file for a second profile calls `speakBy` and imports the first one's tests: they are the
 * same, canonical throughout; the client (`served-simulator.ts`) and the receiver (`recording-receiver.ts`) put what they say and hear through the wire.
 */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import { compileWires, type RoleWire } from '../../contracts/partner-api/wire.ts'
import { createWorld, type World, type WorldOptions } from '../world.ts'

let profile: ContractProfile | undefined
let wires: readonly RoleWire[] = []
const keys = new Map<string, string>()

export function speakBy(name: string): void {
  profile = ContractProfile.parse(parse(readFileSync(new URL(`../../contracts/contract-profiles/${name}.yaml`, import.meta.url), 'utf8')))
  wires = [...compileWires(profile).values()].filter((wire) => wire.profile !== undefined)
}

/** A world that speaks by it. */
export function testWorld(options: WorldOptions): World {
  for (const [id, key] of Object.entries(options.keys)) keys.set(id, key)
  return createWorld({ ...options, contractProfile: profile })
}

/** Of the roles that the profile names; none without one. */
export function spokenWires(): readonly RoleWire[] { return wires }

/** Keys of the worlds made so far. */
export function keyOfSender(sender: string): string | undefined { return keys.get(sender) }
export function allKeys(): Iterable<string> { return keys.values() }
