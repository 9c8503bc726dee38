/**
 * The mapping from the old portal's rows to the new portal's: `cutover/mappings/*.yaml`. In: the file's text. Out: the mapping with its
 * patterns compiled, or every problem at once (InputError, `MAPPING_…`, with line and column): unknown keys, statuses without a
 * translation, units without a partner, patterns that do not compile or lack their groups.
 */
import { z } from 'zod'
import { LEGACY_STATUS_NUMBERS } from '../../contracts/api/front.ts'
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError } from '../../contracts/error.ts'
import { ProcedureCode, Slug, UnitCode } from '../../contracts/ids.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { DOSSIER_STATUSES, DossierStatus } from '../../contracts/status.ts'
import { Text } from '../../contracts/text.ts'
import { TEXT_REPAIRS } from '../../contracts/vietnamese-text.ts'
import { readMappingDocument, type Report } from './mapping-document.ts'

export const PAYMENT_STATUSES = ['initiated', 'qr-issued', 'paid', 'failed', 'expired'] as const
/** Of the form `contracts/ids.ts` a running number has at most nine digits. */
export const MAX_NUMBER = 999_999_999

const number = z.string().regex(/^\d+$/, 'a status number')

export const MappingFile = z.strictObject({
  version: z.literal(1),
  name: Slug,
  title: Text,
  assumptions: z.array(Text).default([]),
  dossierCodes: z.strictObject({ pattern: z.string(), numbersFrom: z.int().min(1_000_000).max(900_000_000) }),
  procedureCodes: z.strictObject({ pattern: z.string(), exceptions: z.record(z.string(), ProcedureCode).default({}) }),
  statuses: z.record(number, DossierStatus),
  inProgress: z.array(DossierStatus).min(1),
  paymentStatuses: z.record(number, z.enum(PAYMENT_STATUSES)),
  timeZone: z.string(),
  text: z.strictObject({ repair: z.array(z.enum(TEXT_REPAIRS)) }),
  units: z.record(UnitCode, Slug),
})
export type MappingFile = z.infer<typeof MappingFile>

export type Mapping = Omit<MappingFile, 'dossierCodes' | 'procedureCodes' | 'statuses' | 'paymentStatuses' | 'units'> & {
  dossierCodes: { pattern: RegExp; numbersFrom: number }
  procedureCodes: { pattern: RegExp; exceptions: ReadonlyMap<string, string> }
  statuses: ReadonlyMap<number, DossierStatus>
  paymentStatuses: ReadonlyMap<number, (typeof PAYMENT_STATUSES)[number]>
  units: ReadonlyMap<string, string>
}

export function loadMapping(text: string, file: string): Mapping {
  const { value, report, problems } = readMappingDocument(text, file, MappingFile)
  const dossierPattern = compile(value.dossierCodes.pattern, ['dossierCodes', 'pattern'], ['unit', 'year', 'number'], report)
  const procedurePattern = compile(value.procedureCodes.pattern, ['procedureCodes', 'pattern'], ['code'], report)
  checkStatuses(value, report)
  checkUnits(value, report)
  checkTimeZone(value, report)
  if (problems.length > 0 || !dossierPattern || !procedurePattern) throw new InputError(problems)
  return {
    ...value,
    dossierCodes: { ...value.dossierCodes, pattern: dossierPattern },
    procedureCodes: { pattern: procedurePattern, exceptions: new Map(Object.entries(value.procedureCodes.exceptions)) },
    statuses: byNumber(value.statuses),
    paymentStatuses: byNumber(value.paymentStatuses),
    units: new Map(Object.entries(value.units)),
  }
}

function byNumber<T>(record: Record<string, T>): Map<number, T> {
  return new Map(Object.entries(record).map(([key, value]) => [Number(key), value]))
}

function compile(source: string, path: string[], groups: string[], report: Report): RegExp | undefined {
  const missing = groups.filter((group) => !source.includes(`(?<${group}>`))
  if (missing.length > 0) report('MAPPING_PATTERN_INVALID', `the pattern ${source} has no group ${missing.join(', ')}`, path, `name the groups: ${groups.map((group) => `(?<${group}>…)`).join(' ')}`)
  try { return new RegExp(source, 'u') } catch (error) {
    report('MAPPING_PATTERN_INVALID', `the pattern does not compile: ${(error as Error).message}`, path, 'write a JavaScript regular expression')
    return undefined
  }
}

function checkStatuses(value: MappingFile, report: Report): void {
  for (const [status, legacy] of Object.entries(LEGACY_STATUS_NUMBERS)) {
    if (!(String(legacy) in value.statuses)) report('MAPPING_STATUS_MISSING', `the old status ${legacy} has no translation`, ['statuses'], `add "${legacy}: ${status}"; the new statuses are ${DOSSIER_STATUSES.join(', ')}`)
  }
}

function checkUnits(value: MappingFile, report: Report): void {
  const ids = PARTNERS.map((partner) => partner.id)
  for (const [unit, partner] of Object.entries(value.units)) {
    if (!ids.includes(partner)) report('MAPPING_PARTNER_UNKNOWN', `unit ${unit} goes to "${partner}", which is no partner`, ['units', unit], suggest(partner, ids))
  }
  for (const partner of PARTNERS) {
    if (!(partner.unitCode in value.units)) report('MAPPING_UNIT_MISSING', `the unit ${partner.unitCode} has no partner`, ['units'], `add "${partner.unitCode}: ${partner.id}"`)
  }
}

function checkTimeZone(value: MappingFile, report: Report): void {
  try { Intl.DateTimeFormat('en', { timeZone: value.timeZone }) } catch {
    report('MAPPING_ZONE_UNKNOWN', `there is no time zone "${value.timeZone}"`, ['timeZone'], 'use an IANA name such as Asia/Ho_Chi_Minh')
  }
}
