/**
 * The seam of what `doctor --target` looks at: one file each with the same form. A check asks and reads, it never writes; what it says is for the operator, in
 * both languages, with how to mend what is lacking.
 */
import type { Target } from '../../../contracts/target.ts'
import type { Text } from '../../../contracts/text.ts'
import type { AdminClient } from '../../../cutover/admin-client.ts'
import type { Wire } from '../../../cutover/wire.ts'
import type { TargetAccess } from '../../../cutover/access.ts'
import type { World } from '../../world.ts'

export type TargetContext = { world: World; target: Target; shown: string; access: TargetAccess; wire: Wire; client: AdminClient }

/** `unknown`: it could not be told, which is no reason against a run. */
export type TargetFinding = { subject: string; status: 'ok' | 'lacks' | 'unknown'; found: Text; mend: Text | null }
export type TargetCheck = { id: string; title: Text; run: (context: TargetContext) => Promise<TargetFinding[]> }

export const ok = (subject: string, vi: string, en = vi): TargetFinding => ({ subject, status: 'ok', found: { vi, en }, mend: null })
export const unknown = (subject: string, vi: string, en: string): TargetFinding => ({ subject, status: 'unknown', found: { vi, en }, mend: null })
export const lacks = (subject: string, found: Text, mend: Text): TargetFinding => ({ subject, status: 'lacks', found, mend })
export const both = (vi: string, en: string): Text => ({ vi, en })

export const TIMEOUT_MS = 5_000
const AT_ONCE = 8

/** For every item, a few at once, in their order. */
export async function each<T>(items: readonly T[], look: (item: T) => Promise<TargetFinding[]>): Promise<TargetFinding[]> {
  const results: TargetFinding[][] = items.map(() => [])
  let next = 0
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, async () => {
    while (next < items.length) {
      const at = next
      next += 1
      results[at] = await look(items[at]!)
    }
  }))
  return results.flat()
}
