/**
 * Finding a service by its name, for the citizen's province. Yes = it is among the hits, with the link where a ministry takes it on its own service;
 * an answer without it is a no (`SERVICE_NOT_FOUND`, `REDIRECT_MISSING`).
 */
import { bodyOf, conclude, unreadable } from '../answer.ts'
import type { Flow } from './flow.ts'

const STEP = { step: 'find', kind: 'service.find' } as const

export const findService: Flow = {
  id: 'find-service',
  title: { vi: 'Tìm dịch vụ công', en: 'Find a service' },
  actor: 'citizen',
  steps: [STEP],
  run: (journey) => journey.perform(findService, STEP, (op) => {
    const { procedure, provinceId } = journey.citizen
    const answer = journey.front(op, 'GET', `/api/services?q=${encodeURIComponent(procedure.title.vi)}&province=${provinceId}`)
    const conclusion = conclude(answer, 'portal')
    if (conclusion.outcome !== 'ok') return conclusion
    const hits = bodyOf(answer)?.['services']
    if (!Array.isArray(hits)) return unreadable(conclusion, 'no list of services')
    // The old portal has codes of its own, so the title decides.
    const hit = (hits as Hit[]).find(({ title }) => title === procedure.title.vi || title.normalize('NFC') === procedure.title.vi)
    if (!hit) return { ...conclusion, outcome: 'fail', error: `SERVICE_NOT_FOUND: "${procedure.title.vi}" for ${provinceId}` }
    const { procedureCode, unitCode, feeVnd, redirectUrl } = hit
    if (procedure.redirected && typeof redirectUrl !== 'string') {
      return { ...conclusion, outcome: 'fail', error: `REDIRECT_MISSING: "${procedure.title.vi}" has no link to the ministry's own service`, procedureCode, unitCode }
    }
    journey.learnt.service = { procedureCode, unitCode, feeVnd, ...(typeof redirectUrl === 'string' && { redirectUrl }) }
    conclusion.procedureCode = procedureCode
    conclusion.unitCode = unitCode
    return conclusion
  }).outcome === 'ok',
}

type Hit = { procedureCode: string; title: string; unitCode: string; feeVnd: number; redirectUrl?: string | null }
