/** Validity: CPU and event loop of every process were measured. That something was saturated alone is a note; with a latency breach it decides. */
import { processLoads, saturated } from '../head-room.ts'
import { type CriterionRule, listed, result, validity } from './criterion.ts'

export const headRoom: CriterionRule = {
  id: 'valid.head-room',
  async check(kase) {
    const loads = await processLoads(kase)
    const expected = 'CPU and event loop of generator and simulators measured; saturation makes a latency breach inconclusive'
    const evidence = [{ file: 'evidence/processes.ndjson', lines: [] }]
    if (loads === null) {
      if (!kase.plan.profile.limits.judgeHeadroom) return [result('valid.head-room', 'pass', expected, 'not measured; not judged by this profile')]
      return [validity('head-room', false, expected, 'not measured')]
    }
    const busy = await saturated(kase)
    const top = [...loads].sort((a, b) => b.cpuShareMax - a.cpuShareMax || (a.process < b.process ? -1 : 1)).slice(0, 3).map((load) => `${load.process} ${Math.round(load.cpuShareMax * 100)} % of a core at most`)
    return [validity('head-room', true, expected, `${busy.length === 0 ? 'none saturated' : `saturated: ${listed(busy)}`}; ${top.join(', ')}`, evidence)]
  },
}
