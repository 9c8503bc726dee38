/** For each status those from which the process lets it be reached (contracts/status.ts), itself included: staying is always allowed. */
import { DOSSIER_STATUSES, STATUS_TRANSITIONS, type DossierStatus } from '../../contracts/status.ts'

export const REACHED_FROM = Object.fromEntries(DOSSIER_STATUSES.map((next) => [next,
  DOSSIER_STATUSES.filter((status) => status === next || STATUS_TRANSITIONS[status].includes(next))])) as Record<DossierStatus, DossierStatus[]>
