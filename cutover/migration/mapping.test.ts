import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { DossierCode } from '../../contracts/ids.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { InputError } from '../../contracts/error.ts'
import { loadMapping } from './mapping.ts'
import { newCode, newProcedureCode, partnerOfUnit } from './translate.ts'

let text: string
beforeAll(async () => { text = await readFile(new URL('../mappings/legacy-to-portal.yaml', import.meta.url), 'utf8') })

function problemsOf(changed: string) {
  try { loadMapping(changed, 'm.yaml') } catch (error) {
    if (error instanceof InputError) return error.problems
    throw error
  }
  return []
}

describe('the mapping', () => {
  it('translates codes, statuses and units', () => {
    const mapping = loadMapping(text, 'm.yaml')
    expect(newCode('H29.12.2026.000123', '260410', mapping)).toBe('H29.12-260410-100000123')
    expect(DossierCode.safeParse('H29.12-260410-100000123').success).toBe(true)
    expect(newCode('H29.2026.999999999', '260410', mapping)).toBeUndefined()
    expect(newCode('nonsense', '260410', mapping)).toBeUndefined()
    expect(newProcedureCode('9.900001.000.00.00.H29', mapping)).toBe('9.900001')
    expect(newProcedureCode('LOCAL-7', mapping)).toBeUndefined()
    expect(partnerOfUnit('H29.12', mapping)).toBe('tay-ninh')
    expect(partnerOfUnit('H99', mapping)).toBeUndefined()
    expect([...mapping.statuses.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(PARTNERS.every((partner) => mapping.units.get(partner.unitCode) === partner.id)).toBe(true)
  })

  it('lets an exception win over the pattern', () => {
    const mapping = loadMapping(text.replace('exceptions: {}', 'exceptions: { 9.900001.000.00.00.H29: "9.900002", LOCAL-7: "9.900003" }'), 'm.yaml')
    expect(newProcedureCode('9.900001.000.00.00.H29', mapping)).toBe('9.900002')
    expect(newProcedureCode('LOCAL-7', mapping)).toBe('9.900003')
  })

  it.each<[string, (text: string) => string, { code: string; what: string; where: string; mend: string }]>([
    ['an unknown key', (yaml) => yaml.replace('\ninProgress:', '\ninProgres: []\ninProgress:'), { code: 'MAPPING_KEY_UNKNOWN', what: 'inProgres', where: 'm.yaml:36:1', mend: 'did you mean "inProgress"' }],
    ['a missing key', (yaml) => yaml.replace('timeZone: Asia/Ho_Chi_Minh', ''), { code: 'MAPPING_KEY_MISSING', what: 'timeZone', where: 'm.yaml', mend: 'add it' }],
    ['an unknown status', (yaml) => yaml.replace('4: in-process', '4: in-proces'), { code: 'MAPPING_VALUE_INVALID', what: 'in-proces', where: 'statuses.4', mend: 'did you mean "in-process"' }],
    ['a status left out', (yaml) => yaml.replace('  4: in-process\n', ''), { code: 'MAPPING_STATUS_MISSING', what: 'status 4', where: 'statuses', mend: '4: in-process' }],
    ['an unknown partner', (yaml) => yaml.replace('H27: ho-chi-minh', 'H27: ho-chi-min'), { code: 'MAPPING_PARTNER_UNKNOWN', what: 'ho-chi-min', where: 'units.H27', mend: 'did you mean "ho-chi-minh"' }],
    ['a unit left out', (yaml) => yaml.replace('  H27: ho-chi-minh\n', ''), { code: 'MAPPING_UNIT_MISSING', what: 'H27', where: 'units', mend: 'H27: ho-chi-minh' }],
    ['a pattern that does not compile', (yaml) => yaml.replace('(?<code>', '((?<code>'), { code: 'MAPPING_PATTERN_INVALID', what: 'compile', where: 'procedureCodes.pattern', mend: 'regular expression' }],
    ['a pattern without its group', (yaml) => yaml.replace('(?<code>', '('), { code: 'MAPPING_PATTERN_INVALID', what: 'no group code', where: 'procedureCodes.pattern', mend: '(?<code>…)' }],
    ['an unknown zone', (yaml) => yaml.replace('Asia/Ho_Chi_Minh\n', 'Asia/Hanoi_City\n'), { code: 'MAPPING_ZONE_UNKNOWN', what: 'Asia/Hanoi_City', where: 'timeZone', mend: 'IANA' }],
    ['broken YAML', (yaml) => yaml.replace('exceptions: {}', 'exceptions: {'), { code: 'MAPPING_YAML_INVALID', what: '', where: 'm.yaml:', mend: 'mend the YAML' }],
    ['a key twice', (yaml) => yaml.replace('  9: done', '  8: done'), { code: 'MAPPING_YAML_INVALID', what: 'unique', where: 'm.yaml:', mend: 'mend the YAML' }],
  ])('names %s with its place', (_name, change, expected) => {
    const changed = change(text)
    expect(changed).not.toBe(text)
    const [problem] = problemsOf(changed)
    expect(problem?.code).toBe(expected.code)
    expect(problem?.what).toContain(expected.what)
    expect(problem?.where).toContain(expected.where)
    expect(problem?.mend).toContain(expected.mend)
  })

  it('names all problems at once', () => {
    const codes = problemsOf(text.replace('  4: in-process\n', '').replace('H27: ho-chi-minh', 'H27: nowhere').replace('  H28: dong-nai\n', '')).map((problem) => problem.code)
    expect(codes.toSorted()).toEqual(['MAPPING_PARTNER_UNKNOWN', 'MAPPING_STATUS_MISSING', 'MAPPING_UNIT_MISSING'])
  })
})
