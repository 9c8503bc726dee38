/** A partner's records as evidence: `dossier/<code>` and `event/<op>`. */
import type { EvidenceRow } from '../../contracts/evidence.ts'
import type { DossierSystem } from './dossier-system.ts'

export function dossierSystemEvidence(system: DossierSystem, seenAt: number): EvidenceRow[] {
  const rows: EvidenceRow[] = []
  for (const dossier of system.register.dossiers.values()) {
    rows.push({
      key: `dossier/${dossier.code}`, op: dossier.reference, status: dossier.status, seenAt, sourceAt: dossier.storedAt,
      fields: { applicantName: dossier.applicantName, procedureCode: dossier.procedureCode, unitCode: dossier.unitCode, origin: dossier.origin, sync: dossier.sync },
    })
  }
  for (const event of system.register.statuses.values()) {
    rows.push({
      key: `event/${event.reference}`, op: event.reference, status: event.status, seenAt, sourceAt: event.storedAt,
      fields: { dossierCode: event.dossierCode, source: event.source, sync: event.sync },
    })
  }
  return rows
}
