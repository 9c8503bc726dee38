import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OPERATORS } from './condition.ts'
import { LOAD_FUNCTIONS, thresholdUnit, type LoadCriterion } from './load-criterion.ts'
import { parseLoadCriterion, printLoadCriterion } from './parse-load-criterion.ts'

const KNOWN = {
  flows: ['login', 'submit', 'dossier-sync', 'sms'], steps: { submit: ['submit', 'apply'] }, actors: ['citizen', 'staff', 'partner'], phases: ['warm-up', 'peak', 'evening'],
}
const parsed = (text: string) => {
  const result = parseLoadCriterion(text, KNOWN)
  if ('error' in result) throw new Error(JSON.stringify(result.error))
  return result.criterion
}

describe('parseLoadCriterion', () => {
  it.each<[string, Partial<LoadCriterion>]>([
    ['p95(submit) < 800ms for 30s', { fn: 'p95', flow: 'submit', operator: '<', threshold: 800, relative: false, window: { kind: 'for', ms: 30_000 }, stop: false }],
    ['errorRate(login) < 1% within 1m', { fn: 'errorRate', threshold: 0.01, window: { kind: 'within', ms: 60_000 } }],
    ['count(dossier-sync) >= 28469', { fn: 'count', flow: 'dossier-sync', operator: '>=', threshold: 28_469 }],
    ['rate(all) >= 50/s in peak', { fn: 'rate', flow: 'all', threshold: 50, phase: 'peak' }],
    ['p99(submit.apply@citizen) <= 1.2x baseline min 50', { fn: 'p99', flow: 'submit', step: 'apply', actor: 'citizen', threshold: 1.2, relative: true, minSamples: 50 }],
    ['  p95 ( submit . apply @ citizen )<1.5s stop   min 50 in peak for 500ms ', { threshold: 1_500, window: { kind: 'for', ms: 500 }, phase: 'peak', minSamples: 50, stop: true }],
    ['lateness(all) < 0ms', { fn: 'lateness', threshold: 0 }],
    ['count(sms) >= 5 stop', { threshold: 5, stop: true }],
    ['rate(sms) > 0.5 /s', { operator: '>', threshold: 0.5 }],
    ['count(sms) != 7', { operator: '!=', threshold: 7 }],
  ])('reads %s', (text, expected) => { expect(parsed(text)).toMatchObject(expected) })

  it('writes every criterion in one form', () => {
    expect(parsed('  p95 ( submit . apply @ citizen )<1.5s stop   min 50 in peak for 500ms ').text).toBe('p95(submit.apply@citizen) < 1500ms for 500ms in peak min 50 stop')
    expect(parsed('errorRate(login)<7%').text).toBe('errorRate(login) < 7%')
  })

  it.each<[string, number, RegExp, RegExp]>([
    ['', 1, /function is missing/, /p95\(submit\)/],
    ['p96(submit) < 1s', 1, /"p96"/, /did you mean "p9\d"/],
    ['errorate(login) < 1%', 1, /"errorate"/, /did you mean "errorRate"/],
    ['p95 < 1s', 5, /no bracket/, /p95\(submit\)/],
    ['p95(submitt) < 1s', 5, /flow "submitt"/, /did you mean "submit"/],
    ['p95() < 1s', 5, /flow is missing/, /login/],
    ['p95(submit.aply) < 1s', 12, /step of submit "aply"/, /did you mean "apply"/],
    ['p95(all.apply) < 1s', 9, /belongs to no flow/, /submit\.apply/],
    ['p95(submit@citizens) < 1s', 12, /actor "citizens"/, /did you mean "citizen"/],
    ['p95(submit < 1s', 12, /not closed/, /close it/],
    ['p95(submit) 1s', 13, /no operator at "1s"/, /<=/],
    ['p95(submit)', 12, /operator is missing/, /<=/],
    ['p95(submit) == 1s', 13, /never the same/, /only counts/],
    ['p95(submit) < fast', 15, /number is missing/, /800ms/],
    ['p95(submit) < -1ms', 15, /below zero/, /negative/],
    ['p95(submit) < 800', 18, /no unit/, /ms/],
    ['p95(submit) < 800msec', 18, /unit "msec"/, /did you mean "ms"/],
    ['p95(submit) < 1%', 16, /unit "%"/, /ms/],
    ['errorRate(login) < 1', 21, /no unit/, /%/],
    ['errorRate(login) < 101%', 20, /more than all/, /100%/],
    ['count(sms) >= 5ms', 16, /unit "ms"/, /plain number/],
    ['count(sms) >= 5.5', 15, /no number of operations/, /whole/],
    ['rate(sms) > 5/m', 14, /unit "\/m"/, /\/s/],
    ['p95(submit) < 1.2x', 19, /1\.2x of what/, /1\.2x baseline/],
    ['p95(submit) < 1s for 30', 24, /30 has no unit/, /s, m/],
    ['p95(submit) < 1s for 30sec', 24, /unit "sec"/, /did you mean "s"/],
    ['p95(submit) < 1s for', 21, /is missing/, /for 30s/],
    ['p95(submit) < 1s for 0s', 22, /no length/, /for 30s/],
    ['p95(submit) < 1s in peek', 21, /phase "peek"/, /did you mean "peak"/],
    ['p95(submit) < 1s min 0', 22, /number of samples/, /min 50/],
    ['p95(submit) < 1s for 1s within 2s', 25, /second time/, /one window/],
    ['p95(submit) < 1s stopp', 18, /"stopp"/, /did you mean "stop"/],
  ])('%s: column %i', (text, column, what, mend) => {
    const result = parseLoadCriterion(text, KNOWN)
    if (!('error' in result)) throw new Error(`it was read: ${result.criterion.text}`)
    expect(result.error.what).toMatch(what)
    expect(result.error.mend).toMatch(mend)
    expect(result.error.column).toBe(column)
  })

  it('reads every criterion that it wrote as the same', () => {
    const slug = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).filter((word) => word !== 'all')
    const millis = fc.oneof(fc.nat(100_000), fc.nat(100_000_000).map((us) => us / 1_000), fc.nat(50).map((minutes) => minutes * 60_000))
    const criteria = fc.record({
      fn: fc.constantFrom(...LOAD_FUNCTIONS), subject: fc.oneof(fc.constant({ flow: 'all' }), slug.map((flow) => ({ flow })), fc.tuple(slug, slug).map(([flow, step]) => ({ flow, step }))),
      actor: fc.option(slug, { nil: undefined }), operator: fc.constantFrom(...OPERATORS), relative: fc.boolean(), ms: millis, thousandths: fc.nat(100_000), count: fc.nat(), times: fc.nat(10_000).map((n) => n / 1_000),
      window: fc.option(fc.record({ kind: fc.constantFrom('for' as const, 'within' as const), ms: millis.map((ms) => ms + 1) }), { nil: undefined }),
      phase: fc.option(slug, { nil: undefined }), minSamples: fc.option(fc.integer({ min: 1, max: 1e6 }), { nil: undefined }), stop: fc.boolean(),
    }).map(({ fn, subject, actor, operator, relative, ms, thousandths, count, times, window, phase, minSamples, stop }): Omit<LoadCriterion, 'text'> => {
      const threshold = relative ? times : { ms, ratio: thousandths / 1_000 / 100, perSecond: times, count }[thresholdUnit(fn)]
      return { fn, ...subject, ...(actor !== undefined && { actor }), operator: fn === 'count' || !/==|!=/.test(operator) ? operator : '<', threshold, relative, ...(window && { window }), ...(phase !== undefined && { phase }), ...(minSamples !== undefined && { minSamples }), stop }
    })
    fc.assert(fc.property(criteria, (criterion) => {
      const text = printLoadCriterion(criterion)
      expect(parseLoadCriterion(text)).toEqual({ criterion: { ...criterion, text } })
    }), { numRuns: 500 })
  })

  it('ends for any text', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      const result = parseLoadCriterion(text, KNOWN)
      if ('error' in result) expect(result.error.column).toBeLessThanOrEqual(text.length + 1)
    }), { numRuns: 2_000 })
  })
})
