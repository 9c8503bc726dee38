/** A read that failed before the start, as a problem with its code: what the operator can mend in the file, the account or the export. */
import type { Problem } from '../../contracts/error.ts'
import { ReadError, type ReadErrorCode } from '../../cutover/readers/reader.ts'

const MEND: Record<ReadErrorCode, string> = {
  READER_UNREACHABLE: 'check address, network and that the system is up; tongduyet doctor --target looks without starting anything',
  READER_REFUSED: 'give the account the right to read, or another account under "auth:"',
  READER_CERTIFICATE: 'have the certificate renewed, or name its authority under "certificateAuthority:"',
  EXPORT_SCHEMA: 'correct the mapping under "read:", or the export',
  EXPORT_INCOMPLETE: 'correct "paging:" or "total:" under "read:", or the export',
}

export function readProblem({ system, note, error }: { system: string; note: string; error?: unknown }, shown: string): Problem {
  const code: ReadErrorCode = error instanceof ReadError ? error.code : 'READER_UNREACHABLE'
  return { code, what: note, where: `${shown} systems.${system}.read`, mend: MEND[code] }
}
