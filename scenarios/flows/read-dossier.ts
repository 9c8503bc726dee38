/** Looking a dossier up: one's own list, then the dossier itself (the one of this journey, else the newest). Observes its status. */
import { LEGACY_STATUS_NUMBERS } from '../../contracts/legacy-status.ts'
import { bodyOf, conclude, unreadable } from '../answer.ts'
import type { Flow } from './flow.ts'

const STEP = { step: 'read', kind: 'dossier.read' } as const

export const readDossier: Flow = {
  id: 'read-dossier',
  partOf: 'find-service',
  title: { vi: 'Tra cứu hồ sơ', en: 'Look a dossier up' },
  actor: 'citizen',
  steps: [STEP],
  run: (journey) => journey.perform(readDossier, STEP, (op) => {
    const list = journey.front(op, 'GET', '/api/dossiers')
    const listed = conclude(list, 'portal')
    if (listed.outcome !== 'ok') return listed
    const dossiers = bodyOf(list)?.['dossiers']
    if (!Array.isArray(dossiers)) return unreadable(listed, 'no list of dossiers')
    const code = journey.learnt.dossier?.code ?? (dossiers[0] as { dossierCode?: unknown } | undefined)?.dossierCode
    // Nothing to see is a good answer too: whether something should be there is for the judge to say.
    if (typeof code !== 'string') return listed
    const answer = journey.front(op, 'GET', `/api/dossiers/${encodeURIComponent(code)}`)
    const conclusion = conclude(answer, 'portal', { dossierCode: code })
    if (conclusion.outcome !== 'ok') return conclusion
    const { status, procedureCode, unitCode } = bodyOf(answer) ?? {}
    if (typeof status !== 'string' && typeof status !== 'number') return unreadable(conclusion, 'no status')
    // Whoever looks it up can ask for a message about it.
    journey.learnt.dossier ??= { code, feeVnd: 0 }
    conclusion.observed = canonicalStatus(String(status), conclusion.system)
    if (typeof procedureCode === 'string') conclusion.procedureCode = procedureCode
    if (typeof unitCode === 'string') conclusion.unitCode = unitCode
    return conclusion
  }).outcome === 'ok',
}

/** The old portal answers with numbers of its own. */
export function canonicalStatus(status: string, servedBy: string): string {
  if (servedBy !== 'legacy') return status
  return Object.entries(LEGACY_STATUS_NUMBERS).find(([, number]) => String(number) === status)?.[0] ?? status
}
