/**
 * How the final state of a system is read, and what its records mean in our words. A reader gives records of one or several kinds, each from its own
 * source (a page of an export, a query, a file) through one mapping. Paths are names joined by dots: `data.code`.
 */
import { z } from 'zod'
import { KINDS } from '../kinds.ts'
import { SecretRef } from '../secret-ref.ts'

/** Record types that operations leave (`contracts/kinds.ts`), and what services show of themselves. */
const LEFT_BY_OPERATIONS = Object.values(KINDS).flatMap(({ recordType, copies }) => [recordType, ...copies.map((copy) => copy.recordType)]).filter((type) => type !== null)
export const MAPPED_TYPES: readonly string[] = [...new Set([...LEFT_BY_OPERATIONS, 'request', 'block', 'figure'])]

const Path = z.string().min(1)

const mapping = {
  /** What the records are: `dossier`, `event`, `payment`, … */
  type: z.enum(MAPPED_TYPES),
  /** Where the record's own number or code stands. */
  key: Path,
  /** Where the reference stands that the client gave (the operation); without it a dossier is known by its code alone. */
  op: Path.optional(),
  status: Path.optional(),
  /** When the record was written: epoch ms or s, ISO 8601; without a zone it is Vietnam time. */
  at: Path.optional(),
  /** Our field by theirs: `applicantName: ho_ten`. Only what is named here is read. */
  fields: z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'a field such as applicantName'), Path).default({}),
  /** Our status by theirs. One that is not listed makes the export unreadable; without the map statuses are taken as they are. */
  statuses: z.record(z.string(), z.string()).optional(),
  /** Fields of `fields` that are personal, beside those that always are (`contracts/reference/personal-fields.ts`). */
  personal: z.array(z.string()).default([]),
  /** Only records in which this stands. */
  only: z.strictObject({ path: Path, is: z.union([z.string(), z.number(), z.boolean()]) }).optional(),
} as const

export const Mapping = z.strictObject(mapping)
export type Mapping = z.infer<typeof Mapping>

/** How an export comes in pages. Whatever the way, a page without rows or without a way on is the last. */
export const Paging = z.discriminatedUnion('by', [
  /** `?page=1`, `?page=2`, … until a page has fewer than `size` rows. */
  z.strictObject({ by: z.literal('page'), parameter: z.string().default('page'), first: z.int().default(1), size: z.int().min(1).default(500), sizeParameter: z.string().optional() }),
  /** The answer says where to go on: `next` is a path in it; null, empty or absent is the end. */
  z.strictObject({ by: z.literal('cursor'), parameter: z.string().default('cursor'), next: Path, size: z.int().min(1).optional(), sizeParameter: z.string().optional() }),
  /** The answer names the next page by its address: a path in the body, or the header `Link: <…>; rel="next"` (RFC 8288) without one. */
  z.strictObject({ by: z.literal('link'), next: Path.optional() }),
])
export type Paging = z.infer<typeof Paging>

export const HttpRecords = z.strictObject({
  ...mapping,
  /** Below `url` of the reader, else of the system. */
  path: z.string().startsWith('/'),
  /** Where the rows are in the answer; the answer itself is the list without it. */
  rows: Path.optional(),
  /** Where the answer says how many rows there are in all: checked against what came. */
  total: Path.optional(),
  paging: Paging.optional(),
})
export type HttpRecords = z.infer<typeof HttpRecords>

export const SqlRecords = z.strictObject({
  ...mapping,
  /** One SELECT. All queries of a system run in one read-only transaction, so that they see one snapshot. */
  query: z.string().regex(/^\s*(?:select|with|table|values)\b[^;]*;?\s*$/i, 'one SELECT (or WITH … SELECT) statement'),
})
export type SqlRecords = z.infer<typeof SqlRecords>

export const FileRecords = z.strictObject({
  ...mapping,
  /** A file of the directory, or several by a pattern with `*`. */
  file: z.string().min(1),
  format: z.enum(['ndjson', 'csv']),
  /** CSV. The first line names the columns. */
  delimiter: z.string().length(1).default(','),
})
export type FileRecords = z.infer<typeof FileRecords>

export const Read = z.discriminatedUnion('by', [
  /** The product's own administration interface, which the reference stack and simulated partners have. */
  z.strictObject({ by: z.literal('admin') }),
  z.strictObject({ by: z.literal('http'), url: z.url({ protocol: /^https?$/ }).optional(), timeoutMs: z.int().min(100).default(30_000), records: z.array(HttpRecords).min(1) }),
  z.strictObject({ by: z.literal('sql'), database: SecretRef, timeoutMs: z.int().min(100).default(60_000), records: z.array(SqlRecords).min(1) }),
  /**
   * A directory into which the system drops its export. `done`: a file that appears when all others are complete, newer than the end of the load; the final
   * read waits for it. `baseline`: the same files as they were before the run.
   */
  z.strictObject({ by: z.literal('files'), directory: z.string().min(1), baseline: z.string().optional(), done: z.string().optional(), waitMs: z.int().min(0).default(60_000), records: z.array(FileRecords).min(1) }),
])
export type Read = z.infer<typeof Read>
