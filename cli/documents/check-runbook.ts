/** A runbook's checks beyond its schema, with their places in the file: the registries know which actions, metrics and parties there are. */
import type { Problem } from '../../contracts/error.ts'
import type { Runbook } from '../../contracts/runbook.ts'
import { checkRunbook } from '../../cutover/check-runbook.ts'
import type { LoadedDocument } from './sources.ts'

export function checkRunbookDocument(runbook: LoadedDocument<Runbook>): Problem[] {
  return checkRunbook(runbook.value).map(({ path, ...problem }) => ({ ...problem, where: runbook.place(path) }))
}
