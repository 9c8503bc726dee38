/** A dossier as its owner sees it, and the look-ups that never show somebody else's. */
import type pg from 'pg'
import type { DossierAnswer } from '../../../contracts/api/front.ts'
import { ServiceError } from '../service-error.ts'

const COLUMNS = 'code, procedure_code, unit_code, status, fee_vnd, submitted_at, due_at'
const LISTED = 50

type DossierRow = { code: string; procedure_code: string; unit_code: string; status: string; fee_vnd: number; submitted_at: number; due_at: number | null }

export function dossierAnswer(row: DossierRow): DossierAnswer {
  return {
    dossierCode: row.code, procedureCode: row.procedure_code, unitCode: row.unit_code, status: row.status, feeVnd: row.fee_vnd,
    submittedAt: row.submitted_at, dueAt: row.due_at,
  }
}

export async function dossiersOf(pool: pg.Pool, personId: string): Promise<DossierAnswer[]> {
  const { rows } = await pool.query<DossierRow>({
    name: 'dossiers-of', text: `select ${COLUMNS} from dossiers where applicant_id = $1 order by submitted_at desc, code desc limit ${LISTED}`, values: [personId],
  })
  return rows.map(dossierAnswer)
}

/** By its code, or by the one that it had on the old portal; 404 also where it is somebody else's, so that nobody learns that it exists. */
export async function ownDossier(pool: pg.Pool, personId: string, code: string): Promise<DossierAnswer> {
  const { rows } = await pool.query<DossierRow>({
    name: 'dossier-own', text: `select ${COLUMNS} from dossiers where (code = $1 or legacy_code = $1) and applicant_id = $2`, values: [code, personId],
  })
  if (!rows[0]) throw new ServiceError(404, 'DOSSIER_UNKNOWN', `you have no dossier "${code}"`)
  return dossierAnswer(rows[0])
}
