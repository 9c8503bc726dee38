/** Whether the invented data last for a plan: people (`contracts/reference/people.ts`) and running numbers of dossiers taken at partners' desks. */
import type { Problem } from '../contracts/error.ts'
import type { PlannedScenario } from '../contracts/plan.ts'
import { MAX_PEOPLE } from '../contracts/reference/people.ts'
import { FIRST_DESK_NUMBER, FIRST_PERSON } from './load-plan.ts'

/** Running numbers are written with six to nine digits; codes of seven keep all of one length. */
const LAST_DESK_NUMBER = 9_999_999

export function dataProblems(scenarios: readonly Pick<PlannedScenario, 'count' | 'partners'>[], profile: string): Problem[] {
  const problems: Problem[] = []
  const problem = (what: string) => { problems.push({ code: 'DATA_RUNS_OUT', what, where: `profile "${profile}"`, mend: 'take a smaller multiplier or count, or a shorter window' }) }
  const people = scenarios.reduce((sum, { count }) => sum + count, 0)
  if (people > MAX_PEOPLE - FIRST_PERSON) problem(`the load needs ${people} invented people, there are ${MAX_PEOPLE - FIRST_PERSON}`)
  const desks = new Map<string, number>()
  for (const { id, count } of scenarios.flatMap(({ partners = [] }) => partners)) desks.set(id, (desks.get(id) ?? 0) + count)
  for (const [id, count] of desks) {
    if (count > LAST_DESK_NUMBER - FIRST_DESK_NUMBER + 1) problem(`partner "${id}" would take ${count} dossiers in a day, there are ${LAST_DESK_NUMBER - FIRST_DESK_NUMBER + 1} numbers`)
  }
  return problems
}
