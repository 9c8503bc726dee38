/**
 * A contract profile: how the canonical API of a role looks on the wire. The official integration guides are not public; when one comes, its paths, field
 * names, codes and signatures are written here as data and no code changes. What a profile does not name stays canonical.
 */
import { z } from 'zod'
import { IssuerProfile } from './issuer-profile.ts'
import { Text } from '../text.ts'

const Names = z.record(z.string(), z.string().min(1))

export const SignatureScheme = z.strictObject({
  header: z.string().min(1),
  algorithm: z.enum(['hmac-sha256', 'hmac-sha512']),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  /** Put before the signature in the header: `sha256=`. */
  prefix: z.string().default(''),
  /** What is signed: the body, or `<timestamp>.<body>` with the timestamp (epoch s) in a header of its own. */
  over: z.enum(['body', 'timestamp.body']).default('body'),
  timestampHeader: z.string().optional(),
})
export type SignatureScheme = z.infer<typeof SignatureScheme>

export const WireOperation = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(),
  /** With `{wire field}` where a field stands in the path. */
  path: z.string().startsWith('/').optional(),
  /** Names of fields, canonical to wire, of this operation only: before those of the role. Nested fields by their own name. */
  request: Names.optional(),
  answer: Names.optional(),
  /** Canonical status to wire status. */
  statuses: z.record(z.string().regex(/^\d{3}$/), z.int().min(200).max(599)).optional(),
})
export type WireOperation = z.infer<typeof WireOperation>

export const WireRole = z.strictObject({
  /** Names of fields, canonical to wire, in requests and answers of all its operations. */
  fields: Names.default({}),
  /** Values of a field, canonical to wire: `status: {in-process: "4"}`. */
  values: z.record(z.string(), Names).default({}),
  /** Codes of refusals, canonical to wire. */
  codes: Names.default({}),
  /** Where a refusal has its code and message: `error.code`, or `ma_loi`. */
  refusal: z.strictObject({ code: z.string(), message: z.string() }).default({ code: 'error.code', message: 'error.message' }),
  signature: SignatureScheme.optional(),
  /** Header names, canonical to wire: `x-op`, `x-partner`, `x-bank`, `x-gateway`. */
  headers: Names.default({}),
  operations: z.record(z.string(), WireOperation).default({}),
  calls: z.record(z.string(), WireOperation).default({}),
})
export type WireRole = z.infer<typeof WireRole>

export const ContractProfile = z.strictObject({
  version: z.literal(1),
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: Text,
  /** Where it was taken from: a guide's title and date, or that it is assumed. */
  source: Text,
  roles: z.record(z.string(), WireRole),
  /** How VNeID speaks: not by renaming, since OpenID Connect leaves other things open than names. */
  issuer: IssuerProfile.optional(),
})
export type ContractProfile = z.infer<typeof ContractProfile>

/** What signs where no profile says otherwise. */
export const DEFAULT_SIGNATURE: SignatureScheme = { header: 'x-signature', algorithm: 'hmac-sha256', encoding: 'hex', prefix: '', over: 'body' }
