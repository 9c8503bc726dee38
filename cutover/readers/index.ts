/**
 * All readers, and what every one of them goes through: personal fields become pseudonyms and secrets are blotted out before a row is handed on as a
 * line, so that nothing personal reaches the disk.
 */
import type { EvidenceMode, EvidenceRow } from '../../contracts/evidence.ts'
import { isPersonal } from '../../contracts/reference/personal-fields.ts'
import type { Read } from '../../contracts/target/read.ts'
import type { TargetSystem } from '../../contracts/target.ts'
import { decodeTcvn3 } from '../../contracts/vietnamese-text.ts'
import type { TargetAccess } from '../access.ts'
import { adminReader } from './admin.ts'
import { filesReader } from './files.ts'
import { httpReader } from './http.ts'
import type { Reader, ReaderContext } from './reader.ts'
import { sqlReader } from './sql.ts'

export const READERS: readonly Reader[] = [adminReader, httpReader, sqlReader, filesReader]

export async function* readLines(context: ReaderContext, read: Read, mode: EvidenceMode, signal?: AbortSignal): AsyncGenerator<string[]> {
  const chosen = READERS.find(({ by }) => by === read.by)!
  const { access } = context
  const hide = hiding(context.system, read, access)
  for await (const rows of chosen.rows(context, read, mode, signal)) {
    yield rows.map((row) => {
      const line = typeof row === 'string' ? (hide ? JSON.stringify(hide(JSON.parse(row) as EvidenceRow)) : row) : JSON.stringify(hide ? hide(row) : row)
      return access.blot(line)
    })
  }
}

/** Undefined: nothing is to be hidden. */
function hiding(system: TargetSystem, read: Read, { pseudonymOf }: TargetAccess): ((row: EvidenceRow) => EvidenceRow) | undefined {
  if (!pseudonymOf) return undefined
  const more = new Set(read.by === 'admin' ? [] : read.records.flatMap(({ personal }) => personal))
  return (row) => {
    const fields = { ...row.fields }
    for (const [name, value] of Object.entries(fields)) {
      if (value === null || value === '' || !(isPersonal(name) || more.has(name))) continue
      const pseudonym = fields[name] = pseudonymOf(String(value))
      if (system.role !== 'legacy' || name !== 'applicantName') continue
      // What an old font wrote cannot be recognised behind a pseudonym: the text that it stands for gets one too.
      const mended = pseudonymOf(decodeTcvn3(String(value)))
      if (mended !== pseudonym) fields['applicantNameMended'] = mended
    }
    return { ...row, fields }
  }
}
