/**
 * How the identifiers of `ids.ts` are written. Apart from their schemas, so that the load generator's bundle carries no zod
 * (every virtual user of k6 would evaluate it).
 */
export function dossierCode(unitCode: string, yymmdd: string, runningNumber: number): string {
  return `${unitCode}-${yymmdd}-${String(runningNumber).padStart(6, '0')}`
}

export function legacyDossierCode(unitCode: string, year: number, runningNumber: number): string {
  return `${unitCode}.${year}.${String(runningNumber).padStart(6, '0')}`
}

export function legacyProcedureCode(procedureCode: string, unitCode: string): string {
  return `${procedureCode}.000.00.00.${unitCode.slice(0, 3)}`
}
