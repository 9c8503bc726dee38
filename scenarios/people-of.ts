/** Ids of people for whom a plan acts: of every scenario the first, the last and some between, of every kind that takes part. */
import type { PlannedScenario } from '../contracts/plan.ts'
import { personOf, type PersonKind } from '../contracts/reference/people.ts'
import { FIRST_PERSON } from './load-plan.ts'

const BETWEEN = 16

export function peopleOf(scenarios: readonly PlannedScenario[]): string[] {
  let first = FIRST_PERSON
  return scenarios.flatMap(({ count, actor, shares }) => {
    const begin = first
    first += count
    if (actor === 'staff' || count === 0) return []
    const kinds: PersonKind[] = ['citizen', ...(shares['foreigner'] ? ['foreigner' as const] : []), ...(shares['company'] ? ['company' as const] : [])]
    const places = [...new Set(Array.from({ length: BETWEEN }, (_, at) => Math.floor(at * (count - 1) / (BETWEEN - 1))))]
    return kinds.flatMap((kind) => places.map((place) => personOf(begin + place, kind).personId))
  })
}
