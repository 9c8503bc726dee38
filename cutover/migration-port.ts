/** The migration as the steps see it: bound to a target's two databases and to the mapping files; counts made flat for the journal. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemOf, type Target } from '../contracts/target.ts'
import { OWN_STACK, type TargetAccess } from './access.ts'
import { assertAllowed } from './allow-list.ts'
import { advanceNumbers, bulkCopy, deltaCopy, loadMapping, remainingChanges, undoCopy, verify } from './migration/index.ts'
import type { CopyCounts } from './migration/copy.ts'
import type { MigrationOptions, MigrationPort } from './ports.ts'
import { byRole, hostOf } from './systems.ts'

const TEXTS = /name|birth|phone|note|person|applicant/i

export function createMigrationPort(options: { target: Target; mappingsDirectory: string; access?: Pick<TargetAccess, 'pseudonymOf'> }): MigrationPort {
  const { target, mappingsDirectory, access = OWN_STACK } = options
  // What a person is called stands in the journal under a pseudonym, where it is to be one.
  const shown = (field: string, value: string | null) => access.pseudonymOf && value !== null && TEXTS.test(field) ? access.pseudonymOf(value) : value
  const databaseOf = (role: 'legacy' | 'portal') => {
    const { id } = byRole(target, role)
    const { database } = systemOf(target, id)
    if (!database) throw new Error(`the target names no database of "${id}", so nothing can be migrated`)
    assertAllowed(`database of system "${id}"`, hostOf(database), target.allow)
    return database
  }
  const bind = async ({ mapping, signal, onProgress }: MigrationOptions) => {
    const file = join(mappingsDirectory, `${mapping}.yaml`)
    return {
      from: databaseOf('legacy'), to: databaseOf('portal'), mapping: loadMapping(await readFile(file, 'utf8'), file), signal,
      onProgress: (event: { done: number; total: number | null }) => onProgress(event.done, event.total),
    }
  }
  return {
    bulk: async (wish) => flatCounts(await bulkCopy(await bind(wish))),
    delta: async (wish) => {
      const bound = await bind(wish)
      const counts = await deltaCopy(bound)
      return { ...flatCounts(counts), handedOver: counts.handedOver, remaining: await remainingChanges(bound) }
    },
    verify: async (wish) => {
      const { compared, mismatchCount, mismatches } = await verify(await bind(wish))
      return { compared, mismatches: mismatchCount, examples: mismatches.map((one) => `${one.legacyCode ?? '-'} ${one.code ?? '-'} ${one.field}: ${shown(one.field, one.expected)} / ${shown(one.field, one.found)}`) }
    },
    advanceNumbers: async (wish) => ({ ...await advanceNumbers(await bind(wish)) }),
    undo: async (wish) => ({ ...await undoCopy(await bind(wish)) }),
  }
}

function flatCounts({ dossiers, payments, repairs, copied }: CopyCounts): Record<string, number> {
  return {
    copied, dossiersRead: dossiers.read, paymentsRead: payments.read,
    changed: dossiers.inserted + dossiers.updated + payments.inserted + payments.updated,
    refused: dossiers.refused + payments.refused,
    textsRepaired: Object.values(repairs).reduce((sum, count) => sum + count, 0),
  }
}
