/**
 * Seals a result by hashes and, with a key, by a signature; and checks one: every hash anew, the summary from the outcomes anew, the signature against keys
 * that are known. A known key is that of named partners: a result that it signs of anybody else is refused as is one that was altered. One without a known
 * key is what its maker says of himself: "self-declared".
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { canonicalJson } from '../contracts/canonical-json.ts'
import { InputError, type Problem } from '../contracts/error.ts'
import { summarise, type ConformResult } from './result.ts'

const PARTS = ['about', 'summary', 'outcomes', 'testData'] as const
export type Unsealed = Omit<ConformResult, 'hashes' | 'signature'>

export function seal(result: Unsealed, key?: KeyObject): ConformResult {
  const hashes = hashesOf(result)
  return { ...result, hashes, signature: key ? { algorithm: 'Ed25519', keyId: keyIdOf(createPublicKey(key)), value: sign(null, Buffer.from(hashes.whole), key).toString('base64') } : null }
}

function hashesOf(result: Unsealed): ConformResult['hashes'] {
  const [about, summary, outcomes, testData] = PARTS.map((part) => sha256(canonicalJson(result[part]))) as [string, string, string, string]
  return { about, summary, outcomes, testData, whole: sha256(canonicalJson({ version: result.version, kind: result.kind, runId: result.runId, about, summary, outcomes, testData })) }
}

/** `partners` null: that it is the key of whoever the result is of is for the reader to know. */
export type KnownKey = { file: string; key: KeyObject; partners: readonly string[] | null }
export type Verified = { label: 'signed' | 'self-declared'; keyId: string | null; /** The file that holds the known key. */ key: string | null } | { label: 'altered' | 'foreign'; problems: Problem[] }

export function verifySeal(result: ConformResult, where: string, known: readonly KnownKey[]): Verified {
  const { hashes, signature, ...content } = result
  const problems: Problem[] = []
  const altered = (part: string, what: string) => { problems.push({ code: 'CONFORM_RESULT_ALTERED', what, where: `${where} ${part}`, mend: 'ask the vendor for the file as the run wrote it, or run tongduyet conform again' }) }
  const now = hashesOf(content)
  for (const part of PARTS) if (now[part] !== hashes[part]) altered(part, `"${part}" does not have the hash that the file states`)
  if (now.whole !== hashes.whole) altered('hashes.whole', 'the parts together do not have the hash that the file states')
  if (canonicalJson(summarise(result.outcomes)) !== canonicalJson(result.summary)) altered('summary', 'index, score or counts are not those of the outcomes')
  if (signature === null) return problems.length > 0 ? { label: 'altered', problems } : { label: 'self-declared', keyId: null, key: null }
  const entries = known.filter(({ key }) => keyIdOf(key) === signature.keyId)
  const value = Buffer.from(signature.value, 'base64')
  const isOf = (key: KeyObject) => value.toString('base64') === signature.value && verify(null, Buffer.from(now.whole), key, value)
  if (entries.length === 0 && known.some(({ key }) => isOf(key))) altered('signature.keyId', `the signature is of a known key, but ${signature.keyId} is named`)
  if (entries[0] && !isOf(entries[0].key)) altered('signature', `the signature is not of key ${signature.keyId} over this content`)
  if (problems.length > 0) return { label: 'altered', problems }
  if (entries.length === 0) return { label: 'self-declared', keyId: signature.keyId, key: null }
  const { partner } = result.about
  const own = entries.find(({ partners }) => partners?.includes(partner) ?? true)
  if (own) return { label: 'signed', keyId: signature.keyId, key: own.file }
  return { label: 'foreign', problems: [{ code: 'CONFORM_RESULT_FOREIGN', what: `it is of "${partner}", but signed with the key of ${entries.flatMap(({ partners }) => partners ?? []).join(', ')}`, where: `${where} signature`, mend: `ask ${partner} for a result with its own signature, or say that the key is theirs, too` }] }
}

/** The first 16 hex digits of the SHA-256 of the public key (SPKI, DER). */
export function keyIdOf(key: KeyObject): string { return sha256(key.export({ type: 'spki', format: 'der' })).slice(0, 16) }

export function readPrivateKey(pem: string, where: string): KeyObject { return readKey(pem, where, 'private', createPrivateKey) }
export function readPublicKey(pem: string, where: string): KeyObject { return readKey(pem, where, 'public', createPublicKey) }

function readKey(pem: string, where: string, kind: string, read: (pem: string) => KeyObject): KeyObject {
  const mend = `give a PEM file: openssl genpkey -algorithm ed25519${kind === 'public' ? ', then openssl pkey -pubout' : ''}`
  let key: KeyObject
  try { key = read(pem) } catch (error) { throw new InputError([{ code: 'CONFORM_KEY_UNUSABLE', what: `no ${kind} key can be read: ${(error as Error).message}`, where, mend }]) }
  if (key.asymmetricKeyType !== 'ed25519') throw new InputError([{ code: 'CONFORM_KEY_UNUSABLE', what: `the ${kind} key is of type ${key.asymmetricKeyType}, not Ed25519`, where, mend }])
  return key
}

export function sha256(data: string | Uint8Array): string { return createHash('sha256').update(data).digest('hex') }
