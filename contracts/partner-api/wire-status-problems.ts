/** Mistakes in the statuses of an operation's profile: one that it never answers, and several on one number that nothing tells apart. */
import { suggest } from '../did-you-mean.ts'
import type { Problem } from '../error.ts'
import type { WireOperation } from './contract-profile.ts'
import { COMMON_REFUSALS, type Operation } from './operation.ts'

export function statusProblems(operation: Operation, wire: WireOperation): Problem[] {
  const statuses = wire.statuses ?? {}
  const common = Object.values(COMMON_REFUSALS).map(({ status }) => status)
  const declared = new Set([...Object.keys(operation.answers).map(Number), ...common])
  const problems: Problem[] = Object.keys(statuses).filter((status) => !declared.has(Number(status))).map((status) => ({
    code: 'CONTRACT_PROFILE_UNKNOWN', what: `"${operation.name}" never answers ${status}`, where: `.statuses.${status}`, mend: suggest(status, [...declared].map(String)),
  }))
  const coded = new Set([...common, ...Object.values(operation.refuses ?? {}).map(({ status }) => status)])
  for (const [onWire, group] of Map.groupBy(declared, (status) => statuses[status] ?? status)) {
    // Beside one answer that is no refusal, refusals may share its number: their code tells.
    const untold = group.filter((status) => status < 400 || !coded.has(status))
    if (group.length > 1 && untold.length > 1) {
      problems.push({ code: 'CONTRACT_PROFILE_AMBIGUOUS', what: `statuses ${untold.join(' and ')} are all ${onWire} on the wire`, where: '.statuses', mend: 'give each a number of its own; only refusals with codes may share one' })
    }
  }
  return problems
}
