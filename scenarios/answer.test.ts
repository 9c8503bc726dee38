import { describe, expect, test } from 'vitest'
import { conclude, outcomeOf, type Answer } from './answer.ts'

function answer(status: number, body: unknown = {}, extra: Partial<Answer> = {}): Answer {
  return { status, error: null, remote: '127.0.0.1', servedBy: null, location: null, content: { json: () => JSON.parse(typeof body === 'string' ? body : JSON.stringify(body)) as unknown }, ...extra }
}
const refused = (code: string) => ({ error: { code, message: 'because' } })

describe('outcomeOf', () => {
  test.each([
    ['created', answer(201), 'ok'],
    ['bad input', answer(400, refused('BODY_INVALID')), 'fail'],
    ['blocked by the WAF', answer(403, refused('WAF_BLOCKED'), { servedBy: 'edge-new' }), 'fail'],
    ['a duplicate', answer(409, refused('DUPLICATE_OPEN_DOSSIER')), 'fail'],
    ['frozen', answer(503, refused('PORTAL_FROZEN')), 'fail'],
    ['closed', answer(503, refused('PORTAL_CLOSED')), 'fail'],
    ['503 of somebody else', answer(503, '<html>'), 'info'],
    ['503 with another code', answer(503, refused('BUSY')), 'info'],
    ['request timeout', answer(408), 'info'],
    ['bank timeout: the transaction may be kept', answer(504, refused('BANK_TIMEOUT')), 'info'],
    ['upstream gone', answer(502, refused('UPSTREAM_UNAVAILABLE')), 'info'],
    ['a bug', answer(500), 'info'],
    ['sent elsewhere', answer(302, '', { location: 'http://elsewhere/' }), 'info'],
    ['no answer', answer(0, '', { error: 'request timeout (1050)' }), 'info'],
  ] as const)('%s', (_, given, outcome) => { expect(outcomeOf(given)).toBe(outcome) })
})

describe('conclude', () => {
  test('names who served it, the status and the refusal', () => {
    expect(conclude(answer(403, refused('WAF_BLOCKED'), { servedBy: 'edge-new' }), 'portal')).toEqual({
      outcome: 'fail', system: 'edge-new', http: { status: 403, remote: '127.0.0.1' }, error: 'WAF_BLOCKED: because',
    })
  })

  test('a yes has no error; without an answer there is no http', () => {
    expect(conclude(answer(200), 'bank-vcb')).toEqual({ outcome: 'ok', system: 'bank-vcb', http: { status: 200, remote: '127.0.0.1' } })
    expect(conclude(answer(0, '', { error: 'EOF (1000)' }), 'sms')).toEqual({ outcome: 'info', system: 'sms', error: 'EOF (1000)' })
  })

  test('a refusal that is no JSON is named by its status', () => {
    expect(conclude(answer(500, 'oops'), 'portal').error).toBe('HTTP 500')
    expect(conclude(answer(500, '{"error":"text"}'), 'portal').error).toBe('HTTP 500')
  })
})
