/** The migrator: bulk, delta, verification, number ranges, undo. Reached by two PostgreSQL URLs and a mapping; prints nothing, tells progress by events. */
export { advanceNumbers, type NumberRange } from './advance-numbers.ts'
export { bulkCopy } from './bulk-copy.ts'
export type { CopyCounts, MigrationEvent, MigrationOptions, TableCounts } from './copy.ts'
export { deltaCopy, type DeltaCounts } from './delta-copy.ts'
export { loadMapping, MappingFile, type Mapping } from './mapping.ts'
export { remainingChanges } from './remaining.ts'
export { undoCopy, type UndoCounts } from './undo-copy.ts'
export { verify, type Mismatch, type VerifyOptions, type VerifyResult } from './verify.ts'
