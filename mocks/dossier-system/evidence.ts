/** A partner's records as evidence: `dossier/<code>`, `event/<op>`; where there are any also `file/<id>`, `supplement/<op>`, `result/<code>`, `confirmation/<system>/<number>`. */
import type { EvidenceRow } from '../../contracts/evidence.ts'
import type { DossierSystem } from './dossier-system.ts'

export function dossierSystemEvidence(system: DossierSystem, seenAt: number): EvidenceRow[] {
  system.memory.requireWhole()
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
  addCaseEvidence(rows, system, seenAt)
  return rows
}

function addCaseEvidence(rows: EvidenceRow[], { attachments, cases }: DossierSystem, seenAt: number): void {
  for (const { attachmentId, reference, dossierCode, fileName, sizeBytes, sha256, receivedBytes, storedAt } of attachments.files.values()) {
    rows.push({ key: `file/${attachmentId}`, op: reference, status: receivedBytes === sizeBytes ? 'whole' : 'incomplete', seenAt, sourceAt: storedAt, fields: { dossierCode, fileName, sizeBytes, sha256 } })
  }
  for (const { reference, dossierCode, answer, storedAt } of [...cases.supplements.values()].flat()) {
    rows.push({ key: `supplement/${reference || answer?.reference}`, op: reference || answer!.reference, status: answer ? 'answered' : 'asked', seenAt, sourceAt: storedAt, fields: { dossierCode, answer: answer?.reference ?? null } })
  }
  for (const { reference, dossierCode, outcome, attachmentId, storedAt } of cases.results.values()) {
    rows.push({ key: `result/${dossierCode}`, op: reference, status: outcome, seenAt, sourceAt: storedAt, fields: { attachmentId } })
  }
  for (const { system, number, reference, dossierCode, status, sequence } of [...cases.confirmations.values()].flatMap((ofDossier) => [...ofDossier.values()])) {
    rows.push({ key: `confirmation/${system}/${number}`, op: reference, status, seenAt, fields: { dossierCode, sequence } })
  }
}
