/** Counts a system's evidence rows that a witness looks for, without keeping them. */
import type { EvidenceRow } from '../../contracts/evidence.ts'
import type { AdminPort } from '../ports.ts'

export async function countRows(admin: AdminPort, matches: (row: EvidenceRow) => boolean): Promise<number> {
  let count = 0
  for await (const lines of admin.evidence('running')) {
    for (const line of lines) if (matches(JSON.parse(line) as EvidenceRow)) count += 1
  }
  return count
}
