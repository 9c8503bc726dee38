/** Every system answers all along: no stretch in which nobody who asked it was answered (`unavailable.ts`). */
import { outageDoubt, UNAVAILABLE } from '../unavailable.ts'
import { type CriterionRule, result } from './criterion.ts'

export const available: CriterionRule = {
  id: 'available',
  async check(kase, findings) {
    const expected = 'no system leaves everybody without an answer for a while'
    const own = findings.filter(({ id }) => id.startsWith(UNAVAILABLE))
    if (own.length > 0) return [result('available', 'fail', expected, own.map(({ cause }) => cause).join('; '), own.flatMap(({ examples }) => examples[0]?.evidence ?? []).slice(0, 5))]
    const doubt = await outageDoubt(kase)
    if (doubt !== null) return [result('available', 'inconclusive', expected, doubt)]
    const asked = await kase.db.count('SELECT count(*) FROM ops')
    return [asked === 0 ? result('available', 'inconclusive', expected, 'nobody asked anything') : result('available', 'pass', expected, 'none did')]
  },
}
