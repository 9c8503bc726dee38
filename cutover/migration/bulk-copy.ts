/**
 * The bulk copy: every dossier and payment of the old portal, beside its load, from one snapshot. Aborted in the middle it leaves whole
 * batches; run again it goes over them without changing anything. What changes after its snapshot is the delta's.
 */
import { lockNewSide, withSides } from './connection.ts'
import { copyRows, type CopyCounts, type MigrationOptions } from './copy.ts'
import { beginCopying, readFromInstant, rememberReadFrom } from './progress.ts'

export function bulkCopy(options: MigrationOptions): Promise<CopyCounts> {
  return withSides(options, options.signal, async (old, fresh) => {
    await lockNewSide(fresh)
    await beginCopying(fresh)
    const readFrom = await readFromInstant(old)
    const counts = await copyRows(old, fresh, options, 'bulk')
    await rememberReadFrom(fresh, readFrom)
    return counts
  })
}
