/**
 * Identifiers of the domain and their forms. From general knowledge, not from the documents (facts section 4): replaceable data.
 * Dossier code `<unit code>-<YYMMDD>-<running number>`, unit codes `Hnn…` (provinces) and `Gnn…` (ministries), procedure code `n.nnnnnn`.
 * The old portal writes procedures as `n.nnnnnn.000.00.00.<unit>` and dossiers as `<unit>.<YYYY>.<running number>`.
 */
import { z } from 'zod'

export { dossierCode, legacyDossierCode, legacyProcedureCode } from './codes.ts'

export const UnitCode = z.string().regex(/^[GH]\d{2}(\.\d{2,3})*$/, 'a unit code such as H29 or G09.12')
export const DossierCode = z.string().regex(/^[GH]\d{2}(\.\d{2,3})*-\d{6}-\d{4,9}$/, 'a dossier code such as H29-260410-000123')
export const ProcedureCode = z.string().regex(/^\d\.\d{6}$/, 'a procedure code such as 1.004227')
export const LegacyDossierCode = z.string().regex(/^[GH]\d{2}\.\d{4}\.\d{6,9}$/, 'an old dossier code such as H29.2026.000123')
export const LegacyProcedureCode = z.string().regex(/^\d\.\d{6}\.000\.00\.00\.[GH]\d{2}$/, 'an old procedure code such as 1.004227.000.00.00.H29')
/** Slug of a partner, region, scenario, step: lower case, digits, hyphens. */
export const Slug = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens, beginning with a letter')
