/**
 * One record of an export as an evidence row, by its mapping. Whatever does not fit (no key, a status that is not mapped, an amount that is no whole
 * number, a time that is none) is an `EXPORT_SCHEMA` that names the place: a row that is guessed at would be judged.
 */
import type { EvidenceRow } from '../../contracts/evidence.ts'
import type { Mapping } from '../../contracts/target/read.ts'
import { ReadError } from './reader.ts'

export type MapRow = (record: unknown, where: string, seenAt: number) => EvidenceRow | null

/** Null: the record is none of those that `only` asks for. */
export function mapRow(system: string, mapping: Mapping): MapRow {
  const { only } = mapping
  return (record, where, seenAt) => {
    const bad = (what: string) => new ReadError('EXPORT_SCHEMA', system, where, what)
    if (typeof record !== 'object' || record === null || Array.isArray(record)) throw bad(`a ${mapping.type} is ${shown(record)}, not an object`)
    if (only && at(record, only.path) !== only.is && String(at(record, only.path)) !== String(only.is)) return null
    const key = textOf(at(record, mapping.key))
    if (key === null) throw bad(`a ${mapping.type} has no "${mapping.key}"; it has ${Object.keys(record).slice(0, 12).join(', ')}`)
    const row: EvidenceRow = { key: `${mapping.type}/${key}`, fields: {}, seenAt }
    if (mapping.op !== undefined) {
      const op = at(record, mapping.op)
      if (op === undefined) throw bad(`${row.key} has no "${mapping.op}"`)
      const reference = textOf(op)
      if (reference !== null) row.op = reference
    }
    if (mapping.status !== undefined) row.status = statusOf(at(record, mapping.status), mapping, row.key, bad)
    if (mapping.at !== undefined) {
      const value = at(record, mapping.at)
      const ms = value === null || value === undefined ? undefined : momentOf(value)
      if (ms === null) throw bad(`${row.key}: "${mapping.at}" is ${shown(value)}, no moment`)
      if (ms !== undefined) row.sourceAt = ms
    }
    for (const [field, path] of Object.entries(mapping.fields)) {
      const value = at(record, path)
      if (value === undefined) throw bad(`${row.key} has no "${path}" (for ${field})`)
      row.fields[field] = WHOLE_NUMBERS.test(field) ? wholeNumber(value, () => bad(`${row.key}: "${path}" is ${shown(value)}, no whole number of đồng`)) : plainValue(value)
    }
    return row
  }
}

const WHOLE_NUMBERS = /Vnd$/

/** `a.b.0.c` */
export function at(record: unknown, path: string): unknown {
  if (typeof record === 'object' && record !== null && path in record) return (record as Record<string, unknown>)[path]
  return path.split('.').reduce<unknown>((value, name) => value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined, record)
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

function statusOf(value: unknown, { status, statuses }: Mapping, key: string, bad: (what: string) => Error): string {
  const theirs = typeof value === 'boolean' ? String(value) : textOf(value)
  if (theirs === null) throw bad(`${key} has no "${status}"`)
  if (!statuses) return theirs
  const ours = statuses[theirs]
  if (ours === undefined) throw bad(`${key}: status "${theirs}" is not in the mapping; it knows ${Object.keys(statuses).join(', ')}`)
  return ours
}

const FIRST_MS = 100_000_000_000
const LOCAL = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/

/** Epoch ms; null where it is no moment. */
export function momentOf(value: unknown): number | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.getTime()
  const text = String(value).trim()
  if (/^\d{9,16}(?:\.\d+)?$/.test(text)) return Number(text) >= FIRST_MS ? Math.round(Number(text)) : Math.round(Number(text) * 1_000)
  const ms = Date.parse(LOCAL.test(text) ? `${text.replace(' ', 'T')}+07:00` : text.replace(/^(\S+) (\S+)$/, '$1T$2').replace(/([+-]\d{2})$/, '$1:00'))
  return Number.isNaN(ms) || !/^\d{4}-/.test(text) ? null : ms
}

function wholeNumber(value: unknown, bad: () => Error): number | null {
  if (value === null || value === '') return null
  const number = typeof value === 'number' ? value : /^-?\d+(?:\.0+)?$/.test(String(value)) ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(number)) throw bad()
  return number
}

function plainValue(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return value instanceof Date ? value.toISOString() : typeof value === 'bigint' ? Number(value) : JSON.stringify(value)
}

/** A value may be somebody's name: only its kind and length are told. */
function shown(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? `a text of ${value.length} characters` : Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
