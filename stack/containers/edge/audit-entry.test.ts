/** Lines as ModSecurity 3.0.9 with the core rule set 3.3.4 wrote them, shortened. */
import { describe, expect, test } from 'vitest'
import { wafEntriesOf } from './audit-entry.ts'

const ORIGINS = { '10.160.7.4': { region: null, partner: 'justice' } }
type Rule = { ruleId: string; severity?: string; message?: string; match?: string; data?: string }
const line = (rules: readonly Rule[]) => JSON.stringify({ transaction: {
  client_ip: '10.160.7.4', time_stamp: 'Fri Apr 10 22:56:00 2026', unique_id: '1775836823.861-f0291a222c39d062bf1ad52788a18d92',
  request: { method: 'POST', uri: '/sync/v1/dossiers?x=1', headers: { Host: '10.160.3.2', 'X-Op': 'push.3.dossier.0123456789' } }, response: { http_code: 470 },
  messages: rules.map(({ ruleId, severity = '2', message = 'A rule', match = '', data = '' }) => ({ message, details: { match, ruleId, data, severity, tags: [] } })),
} })
const SUM = { ruleId: '949110', message: 'Inbound Anomaly Score Exceeded (Total Score: 23)' }
const read = (...rules: Rule[]) => wafEntriesOf(line(rules), ORIGINS)

test('of a blocked request the heaviest rule is the block, the others are alerts, the sum is none', () => {
  const entries = read({ ruleId: '920320', severity: '5' }, { ruleId: '920272', message: 'Invalid character' }, { ruleId: '942460', severity: '4' }, SUM)
  expect(entries.map(({ ruleId, action }) => [ruleId, action])).toEqual([['920320', 'log'], ['920272', 'block'], ['942460', 'log']])
  expect(entries[1]).toMatchObject({ at: 1775836823861, op: 'push.3.dossier.0123456789', ruleTitle: 'Invalid character', path: '/sync/v1/dossiers', origin: { partner: 'justice' }, remote: '10.160.7.4' })
})
test('of a request that passed every rule is an alert', () => {
  expect(read({ ruleId: '920320', severity: '5' }).map(({ action }) => action)).toEqual(['log'])
})
test('a body that cannot be read is a block of its own', () => {
  expect(read({ ruleId: '200002', data: 'JSON parsing error' })).toMatchObject([{ ruleId: '200002', action: 'block', matched: 'JSON parsing error' }])
})
test('a sum alone is still the block', () => {
  expect(read(SUM)).toMatchObject([{ ruleId: '949110', action: 'block' }])
})

describe('what matched', () => {
  test.each<{ what: string; rule: Omit<Rule, 'ruleId'>; matched: string }>([
    { what: 'the part that the rule took out', rule: { data: 'Matched Data: UNION SELECT found within ARGS:q: 1 UNION SELECT * FROM users' }, matched: 'UNION SELECT' },
    { what: 'a part of several lines', rule: { data: 'Matched Data: a\nb found within ARGS:json.note: a\nb c' }, matched: 'a\nb' },
    { what: 'the whole, where libinjection names its own pattern', rule: { match: 'detected SQLi using libinjection.', data: 'Matched Data: 1UEok found within ARGS:q: 1 UNION SELECT 2' }, matched: '1 UNION SELECT 2' },
    { what: 'variable and value', rule: { data: 'ARGS:json.note=không' }, matched: 'ARGS:json.note=không' },
    { what: 'the value that was looked at, where the rule says nothing', rule: { match: "Matched \"Operator `Eq' with parameter `0' against variable `REQUEST_HEADERS:User-Agent' (Value: `0' )" }, matched: '0' },
    { what: 'no half characters', rule: { data: 'Matched Data: \uFFFD\uFFFD thử\uFFFD found within ARGS:q: x' }, matched: ' thử' },
    {
      what: 'the first character that is not allowed, with what stands before it', matched: '-260410-7","applicantName":"Người Thử","note":"Địa chỉ thử: số 991, khu 6, Quảng',
      rule: { match: "Matched \"Operator `ValidateByteRange' with parameter `32-36,38-126' against …", data: 'REQUEST_BODY={"reference":"sync-w1.22.push.de48e5b966","dossierCode":"G08-260410-7","applicantName":"Người Thử","note":"Địa chỉ thử: số 991, khu 6, Quảng Hà."}' },
    },
  ])('$what', ({ rule, matched }) => {
    expect(read({ ruleId: '942100', ...rule }, SUM)[0]!.matched).toBe(matched)
  })
  test('is at most 80 characters', () => {
    expect([...read({ ruleId: '942100', data: 'ộ'.repeat(500) })[0]!.matched]).toHaveLength(80)
  })
})

test.each(['', '{}', '{"transaction":{}}', line([]).replace('1775836823.861-', 'x')])('a line that is no record throws', (text) => {
  expect(() => wafEntriesOf(text, ORIGINS)).toThrow()
})
