/** Phases of a profile (named, inside the window, not overlapping) and the criteria that speak of them, of flows, steps and actors. */
import { clockOffsetMs } from '../../contracts/duration.ts'
import type { Problem } from '../../contracts/error.ts'
import { parseLoadCriterion, type LoadVocabulary } from '../../contracts/parse-load-criterion.ts'
import type { Profile } from '../../contracts/profile.ts'
import { ACTS, actsOfFlow, FLOWS } from '../../scenarios/flows/index.ts'
import type { Place } from './yaml-document.ts'

const VOCABULARY = {
  flows: FLOWS.map(({ id }) => id),
  steps: Object.fromEntries(FLOWS.map(({ id }) => [id, actsOfFlow(id).flatMap(({ steps }) => steps.map(({ step }) => step))])),
  actors: [...new Set(ACTS.map(({ actor }) => actor))],
} satisfies LoadVocabulary

export function checkPhases({ phases }: Profile, place: Place, window: { start: string; end: string } | undefined): Problem[] {
  const problems: Problem[] = []
  const names = phases.map(({ name }) => name)
  const offset = (time: string) => clockOffsetMs(window?.start ?? '00:00', time)
  const length = window && offset(window.end)
  phases.forEach(({ name, from, to }, index) => {
    const at = (...path: string[]) => place(['phases', index, ...path])
    if (names.indexOf(name) !== index) problems.push({ code: 'NAME_TWICE', what: `phase "${name}" stands twice`, where: at('name'), mend: 'give each phase a name of its own' })
    if (length !== undefined && (offset(from) >= length || offset(to) > length || offset(from) >= offset(to))) {
      problems.push({ code: 'TIMES_OUTSIDE_WINDOW', what: `phase "${name}", ${from} to ${to}, does not lie inside the window ${window!.start} to ${window!.end}`, where: at('from'), mend: 'give times inside the window, the earlier first' })
    }
    const over = phases.slice(0, index).find((other) => offset(other.from) < offset(to) && offset(from) < offset(other.to))
    if (over) problems.push({ code: 'PHASES_OVERLAP', what: `phase "${name}", ${from} to ${to}, overlaps phase "${over.name}", ${over.from} to ${over.to}`, where: at('from'), mend: 'let one end where the other begins' })
  })
  return problems
}

export function checkCriteria({ criteria, phases }: Profile, place: Place): Problem[] {
  const known = { ...VOCABULARY, phases: phases.map(({ name }) => name) }
  return criteria.flatMap((text, index) => {
    const parsed = parseLoadCriterion(text, known)
    return 'error' in parsed
      ? [{ code: 'CRITERION_SYNTAX', what: `"${text}", column ${parsed.error.column}: ${parsed.error.what}`, where: place(['criteria', index]), mend: parsed.error.mend }]
      : []
  })
}
