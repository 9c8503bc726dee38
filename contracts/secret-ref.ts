/**
 * A secret by where it stands, never by its value: `env:NAME`, `file:PATH` (the whole file, trimmed) or `file:PATH#NAME` (the line `NAME=value` of it).
 * The reference may stand in plans and records; the value is read when it is used and is blotted out of whatever is written.
 */
import { z } from 'zod'

const FORM = /^(?:env:(?<variable>[A-Za-z_]\w*)|file:(?<path>[^#\s][^#]*?)(?:#(?<entry>[A-Za-z_][\w.-]*))?)$/

/** Whoever tells that a reference is none must not show what stands there: it may be the secret. */
export const NO_SECRET_REF = 'where the secret stands: env:NAME, file:PATH or file:PATH#NAME'
export const SecretRef = z.string().regex(FORM, NO_SECRET_REF)
export type SecretRef = z.infer<typeof SecretRef>

export type ParsedSecretRef = { by: 'env'; variable: string } | { by: 'file'; path: string; entry: string | undefined }

export function parseSecretRef(text: string): ParsedSecretRef | undefined {
  const groups = FORM.exec(text)?.groups
  if (!groups) return undefined
  return groups['variable'] === undefined ? { by: 'file', path: groups['path']!, entry: groups['entry'] } : { by: 'env', variable: groups['variable'] }
}
