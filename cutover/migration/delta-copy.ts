/**
 * The delta copy: what changed since the last copy's snapshot, by `capnhat_luc` and an overlap, so that rows of transactions that were open
 * at that snapshot are read too; rows read twice change nothing. Then hands the dossiers in progress to the coordination system through
 * the new portal's outbox, once each and in their latest status, and moves the number range on. Wait for the old portal to be frozen and its
 * nightly batch to be over first; run it again as often as you like.
 */
import { advanceOn, type NumberRange } from './advance-numbers.ts'
import { lockNewSide, withSides } from './connection.ts'
import { copyRows, type CopyCounts, type MigrationOptions } from './copy.ts'
import { handOver } from './hand-over.ts'
import { readFromInstant, recallReadFrom, rememberReadFrom } from './progress.ts'

/** `changed`: rows that this delta really wrote; 0 = nothing was left. */
export type DeltaCounts = CopyCounts & { changed: number; handedOver: number; numbers: NumberRange }

export function deltaCopy(options: MigrationOptions): Promise<DeltaCounts> {
  return withSides(options, options.signal, async (old, fresh) => {
    await lockNewSide(fresh)
    const since = await recallReadFrom(fresh)
    const readFrom = await readFromInstant(old)
    const counts = await copyRows(old, fresh, options, 'delta', since)
    await rememberReadFrom(fresh, readFrom)
    const handedOver = await handOver(fresh, options.mapping)
    const changed = [counts.dossiers, counts.payments].reduce((sum, table) => sum + table.inserted + table.updated, 0)
    return { ...counts, changed, handedOver, numbers: await advanceOn(old, fresh, options.mapping) }
  })
}
