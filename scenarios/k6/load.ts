/** Reads the plan in k6's init stage: once per process, shared between virtual users, each of which parses only the part that it needs. */
import { SharedArray } from 'k6/data'
import type { Plan } from '../../contracts/plan.ts'
import { assignPartners, type Assignment } from '../assign.ts'
import type { Assignments } from '../cast/desk.ts'
import type { Notes } from '../cast/notes.ts'
import { amongOf, type Among } from '../cast/origin.ts'
import type * as NotePool from '../cast/note-pool.ts'
import { loadPlanOf, type LoadPlan } from '../load-plan.ts'

const NOTES = 256

// esbuild turns this into a call that evaluates the module where it stands: faker costs 75 ms and megabytes in every VM that evaluates it.
declare const require: (path: string) => typeof NotePool

export function openLoad(planFile: string): { load: LoadPlan; assignments: Assignments; among: Among; notes: Notes } {
  const [load] = new SharedArray<LoadPlan>('load', () => [loadPlanOf(JSON.parse(open(planFile)) as Plan)])
  const shared = new Map<string, ArrayLike<number>>()
  const fated = new Map<string, ArrayLike<number>>()
  for (const scenario of load!.scenarios) {
    const { name, partners } = scenario
    if (scenario.among !== undefined) fated.set(name, new SharedArray<number>(`among/${name}`, () => amongOf(load!, scenario)))
    if (partners) shared.set(name, new SharedArray<number>(`assignment/${name}`, () => assignPartners(partners).map(packed)))
  }
  return {
    load: load!,
    assignments: (name, iteration) => {
      const assignment = shared.get(name)
      if (!assignment) throw new Error(`scenario "${name}" pushes no dossiers`)
      return unpacked(assignment[iteration]!)
    },
    among: (name) => fated.get(name) ?? [],
    notes: kept(new SharedArray<string>('notes', () => require('../cast/note-pool.ts').notePool(load!.seed, NOTES))),
  }
}

/** Taking a text out of a shared array costs more than casting who writes it: each virtual user keeps those that it has had, at most all of them. */
function kept(shared: ArrayLike<string>): Notes {
  const own: string[] = []
  return { length: shared.length, at: (index) => (own[index] ??= shared[index]!) }
}

// A shared array freezes what it hands out, object by object; a number costs nothing.
const MAX_PARTNERS = 4_096
function packed({ partner, running }: Assignment): number { return running * MAX_PARTNERS + partner }
function unpacked(value: number): Assignment { return { partner: value % MAX_PARTNERS, running: Math.floor(value / MAX_PARTNERS) } }
