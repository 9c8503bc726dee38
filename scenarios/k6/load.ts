/**
 * Reads the plan in k6's init stage: once per process, shared between virtual users as text. A virtual user parses a scenario when it first plays it:
 * whole, the plan of a country's load costs each of them 1.2 MB and 15 ms of start, which hundreds of them feel for the rest of the run.
 */
import { SharedArray } from 'k6/data'
import type { Plan } from '../../contracts/plan.ts'
import { assignPartners, type Assignment } from '../assign.ts'
import type { Assignments } from '../cast/desk.ts'
import type { Notes } from '../cast/notes.ts'
import { amongOf, type Among } from '../cast/origin.ts'
import type * as NotePool from '../cast/note-pool.ts'
import { loadPlanOf, type LoadPlan, type LoadScenario } from '../load-plan.ts'

const NOTES = 256

// esbuild turns this into a call that evaluates the module where it stands: faker costs 75 ms and megabytes in every VM that evaluates it.
declare const require: (path: string) => typeof NotePool

/** `whole`: for the first runtime of the process, from which k6 takes the options; undefined in the virtual users'. */
export type OpenLoad = { load: LoadPlan; whole: LoadPlan | undefined; assignments: Assignments; among: Among; notes: Notes }

export function openLoad(planFile: string): OpenLoad {
  let read: LoadPlan | undefined
  const readWhole = () => read ??= loadPlanOf(JSON.parse(open(planFile)) as Plan)
  // One array for all: each costs a virtual user something. Texts lie in an array of their own: k6 freezes what it hands out key by key, and a text's keys are its characters.
  const [general, tables, ...names] = new SharedArray<string[]>('load', () => {
    const { scenarios, ...rest } = readWhole()
    const tablesOf = ({ among, partners }: LoadScenario) => `${among !== undefined ? 'a' : ''}${partners ? 'p' : ''}`
    return [[JSON.stringify(rest), JSON.stringify(scenarios.map(tablesOf)), ...scenarios.map(({ name }) => name)]]
  })[0]!
  const texts = new SharedArray<[string]>('scenarios', () => readWhole().scenarios.map((scenario) => [JSON.stringify(scenario)]))
  const scenarios = new Map<string, LoadScenario>()
  const load: LoadPlan = {
    ...JSON.parse(general!) as Omit<LoadPlan, 'scenarios'>, scenarios: [],
    lookUp(name) {
      const known = scenarios.get(name)
      if (known) return known
      const at = names.indexOf(name)
      if (at < 0) return undefined
      const scenario = JSON.parse(texts[at]![0]) as LoadScenario
      scenarios.set(name, scenario)
      return scenario
    },
  }
  const shared = new Map<string, ArrayLike<number>>()
  const fated = new Map<string, ArrayLike<number>>()
  ;(JSON.parse(tables!) as string[]).forEach((kinds, at) => {
    const name = names[at]!
    if (kinds.includes('a')) fated.set(name, new SharedArray<number>(`among/${name}`, () => amongOf(readWhole(), load.lookUp!(name)!)))
    if (kinds.includes('p')) shared.set(name, new SharedArray<number>(`assignment/${name}`, () => assignPartners(load.lookUp!(name)!.partners!).map(packed)))
  })
  return {
    load,
    whole: __VU === 0 ? readWhole() : undefined,
    assignments: (name, iteration) => {
      const assignment = shared.get(name)
      if (!assignment) throw new Error(`scenario "${name}" pushes no dossiers`)
      return unpacked(assignment[iteration]!)
    },
    among: (name) => fated.get(name) ?? [],
    notes: notesIn(new SharedArray<[string]>('notes', () => [[require('../cast/note-pool.ts').notePool(load.seed, NOTES).join(BETWEEN_NOTES)]])),
  }
}

/** Taking a text out of a shared array parses and freezes it, 100 µs each time: a virtual user takes all of them with its first, and grows no more. */
function notesIn(shared: ArrayLike<readonly [string]>): Notes {
  let own: readonly string[] | undefined
  return { length: NOTES, at: (index) => (own ??= shared[0]![0].split(BETWEEN_NOTES))[index] }
}
const BETWEEN_NOTES = '\n'

// A shared array freezes what it hands out, object by object; a number costs nothing.
const MAX_PARTNERS = 4_096
function packed({ partner, running }: Assignment): number { return running * MAX_PARTNERS + partner }
function unpacked(value: number): Assignment { return { partner: value % MAX_PARTNERS, running: Math.floor(value / MAX_PARTNERS) } }
