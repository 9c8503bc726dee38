/** How a run reaches its target: the product's own stack as it is; a foreign one with its secrets, the run's pseudonyms and a person to be asked. */
import { join } from 'node:path'
import type { RunFolder } from '../../contracts/run-folder.ts'
import type { Target } from '../../contracts/target.ts'
import { OWN_STACK, type TargetAccess } from '../../cutover/access.ts'
import { headersOf } from '../../cutover/wire.ts'
import type { World } from '../world.ts'
import { createConfirmations } from './confirmations.ts'
import type { LoadedTarget } from './load-target.ts'

export function accessOf(world: World, foreign: LoadedTarget | undefined, folder: RunFolder): TargetAccess {
  if (!foreign) return OWN_STACK
  return { ...foreign.access, confirm: createConfirmations(world, join(folder.directory, 'confirm')) }
}

/** What the load generators are told by their environment alone; it stands in no plan. */
export function confidential(target: Target, foreign: LoadedTarget | undefined, access: TargetAccess): Record<string, string> {
  if (!foreign) return {}
  const credentials = Object.fromEntries(target.systems.flatMap(({ id, auth }) => auth ? [[id, headersOf(auth, access)]] : []))
  return {
    PSEUDONYM_KEY: foreign.pseudonymKey, ...(Object.keys(credentials).length > 0 && { CREDENTIALS: JSON.stringify(credentials) }),
    // Go adds the machine's directory of authorities to it.
    ...(foreign.authorityFile !== undefined && { SSL_CERT_FILE: foreign.authorityFile }),
  }
}
