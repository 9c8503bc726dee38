import { describe, expect, it } from 'vitest'
import type { CheckOutcome } from '../driver.ts'
import { summarise } from '../result.ts'
import { seal } from '../seal.ts'
import { curlOf } from './curl.ts'
import { htmlReport } from './html.ts'
import { junitReport } from './junit.ts'
import { terminalReport } from './terminal.ts'

const shown = { operation: 'send', method: 'POST', url: 'http://h/v1/messages', headers: { 'content-type': 'application/json' }, body: '{"text":"it\'s <b>"}', status: 500, answer: '<h1>Lỗi\u0001</h1>', error: null, tookMs: 3 }
const outcomes: CheckOutcome[] = [
  { id: 'a.held', flow: 'sms', requirement: { vi: 'Đạt', en: 'Held' }, outcome: 'held', requests: 1, tookMs: 5 },
  { id: 'b.broken', flow: 'sms', requirement: { vi: 'Không đạt <i>', en: 'Broken <i>' }, outcome: 'broken', expected: { vi: 'trả lời 202', en: 'the answer 202' }, observed: { vi: '500', en: '500' }, exchange: shown, smallest: shown, requests: 2, tookMs: 9 },
  { id: 'c.untried', flow: 'pay', requirement: { vi: 'Không thử', en: 'Untried' }, outcome: 'not-triggerable', why: { vi: 'thiếu khóa', en: 'no key' }, requests: 0, tookMs: 0 },
  { id: 'd.faulted', flow: 'pay', requirement: { vi: 'Hỏng', en: 'Faulted' }, outcome: 'faulted', why: { vi: 'phép thử hỏng', en: 'the check failed' }, requests: 0, tookMs: 0 },
]
const RESULT = seal({
  version: 1, kind: 'conformance', runId: 'abc', summary: summarise(outcomes), outcomes, testData: [{ kind: 'message', id: 'm-1', check: 'a.held' }],
  about: { partner: 'sms', role: 'sms', url: 'http://h', contract: { role: 'sms', version: '1.0', profile: null }, tool: 't', beganAt: '2026-04-10T14:00:00.000Z', endedAt: '2026-04-10T14:00:05.000Z', requests: 3, fixture: '0'.repeat(64), part: null },
})

it('a request becomes a line for a shell, quotes and all', () => {
  expect(curlOf(shown)).toBe(`curl -i -X POST 'http://h/v1/messages' -H 'content-type: application/json' --data-raw '{"text":"it'\\''s <b>"}'`)
})

describe('the report', () => {
  it('for a terminal, whole', () => {
    expect(terminalReport(RESULT, 'en')).toBe([
      '✗ b.broken: Broken <i>', '    expected: the answer 202 · observed: 500', `    smallest request: ${curlOf(shown)}`, '    answer: 500 <h1>Lỗi\u0001</h1>',
      '✗ d.faulted: Faulted', '    why: the check failed',
      '? c.untried: Untried · why: no key',
      'Test data left behind, to be cleaned up (1): message m-1', 'sms · sms 1.0 · http://h', 'Score 50 % (1 of 2) · Index 50 % (2 of 4)', '',
    ].join('\n'))
    expect(terminalReport(RESULT, 'vi')).toContain('Điểm 50 % (1 trên 2) · Độ phủ kiểm tra 50 % (2 trên 4)')
  })
  it('as JUnit: a failure, an error, one skipped; no characters that XML has not', () => {
    const xml = junitReport(RESULT, 'vi')
    expect([xml.match(/<testcase /g)?.length, xml.match(/<failure /g)?.length, xml.match(/<error /g)?.length, xml.match(/<skipped/g)?.length]).toEqual([4, 1, 1, 1])
    expect(xml).toContain('trả lời 202 · 500')
    expect(xml).not.toContain('\u0001')
  })
  it('as a page: broken first, nothing of an answer is markup, no outside parts', () => {
    const html = htmlReport(RESULT, 'vi')
    expect(html).toContain('Không đạt &lt;i&gt;')
    expect(html).not.toMatch(/<h1>Lỗi|<script|src=|<link/)
    expect(html.indexOf('b.broken')).toBeLessThan(html.indexOf('a.held'))
    expect(html).toContain('Điểm<b>50 %</b>')
    expect(html).toContain('tự khai')
  })
})
