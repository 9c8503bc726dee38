/**
 * An officer reads the report: a ministry's the whole country, a province's their own unit. Its figures go into the history as they were told; whether
 * they add up and agree with the records is for the judge to say.
 */
import { bodyOf, conclude, unreadable } from '../answer.ts'
import type { Flow } from './flow.ts'

const STEP = { step: 'report', kind: 'report.read' } as const
/** More figures than any report has; a history line stays a line. */
const MAX_FIGURES = 100

export const statistics: Flow = {
  id: 'statistics',
  title: { vi: 'Thống kê, báo cáo', en: 'Statistics and report' },
  actor: 'staff',
  steps: [STEP],
  run: (journey) => journey.perform(statistics, STEP, (op) => {
    const { unitCode, level } = journey.officer.account
    const answer = journey.system(op, 'statistics', 'GET', level === 'ministry' ? '/v1/report' : `/v1/report?unit=${unitCode}`)
    const conclusion = conclude(answer, 'statistics', { unitCode })
    if (conclusion.outcome !== 'ok') return conclusion
    const { unit, figures } = bodyOf(answer) ?? {}
    if (typeof unit !== 'string' || typeof figures !== 'object' || figures === null) return unreadable(conclusion, 'no figures')
    // k6 hands objects out in no order.
    const counts = Object.entries(figures).sort(([one], [other]) => one < other ? -1 : 1).filter((entry): entry is [string, number] => Number.isInteger(entry[1]))
    if (counts.length === 0) return unreadable(conclusion, 'no figure is a whole number')
    conclusion.fields = { unit, ...Object.fromEntries(counts.slice(0, MAX_FIGURES)) }
    return conclusion
  }).outcome === 'ok',
}
