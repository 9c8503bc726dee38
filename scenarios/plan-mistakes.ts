/** What of a profile's scenario cannot be planned: flows that are not there or not this actor's, counts that are missing or given twice. */
import { suggest } from '../contracts/did-you-mean.ts'
import type { Problem } from '../contracts/error.ts'
import type { ProfileScenario } from '../contracts/profile.ts'
import { FATES } from './cast/fate.ts'
import { FLOW_IDS, flowOf } from './flows/index.ts'

export type Mistake = Pick<Problem, 'what' | 'mend'>

export function mistakesOf(scenario: ProfileScenario): Mistake[] {
  const mistakes: Mistake[] = []
  const mistake = (what: string, mend: string) => { mistakes.push({ what, mend }) }
  scenario.journey.forEach((id, at) => {
    const actor = FLOW_IDS.includes(id) ? flowOf(id).actor : undefined
    if (actor === undefined) mistake(`names flow "${id}", which is not known`, suggest(id, FLOW_IDS))
    else if (actor !== scenario.actor) mistake(`lets a ${scenario.actor} play flow "${id}", which is a ${actor}'s`, `set actor: ${actor}, or take another flow`)
    if (scenario.journey.indexOf(id) !== at) mistake(`plays flow "${id}" twice: its operations would have the same names`, 'name it once, or make a second scenario')
  })
  const pushes = isDossierPush(scenario)
  const { among } = scenario
  if (pushes && scenario.count !== undefined) mistake('gives a count for dossier-sync: the split gives it', 'leave count out and name a wave')
  if (pushes && scenario.dossiersOf !== undefined) mistake('gives dossiersOf for dossier-sync: it takes new dossiers', 'leave dossiersOf out')
  if (among !== undefined && !(FATES as readonly string[]).includes(among)) mistake(`takes dossiers with fate "${among}", which is none`, suggest(among, FATES))
  if (among !== undefined && scenario.dossiersOf === undefined) mistake('says among without dossiersOf', 'name the scenario whose dossiers are meant')
  if (among !== undefined && scenario.count !== undefined) mistake('gives a count beside among: the dossiers\' fates give it', 'leave count out')
  if (!pushes && among === undefined && scenario.count === undefined) mistake('has no count', 'say how many iterations it has')
  if (scenario.journey.includes('status-sync') && scenario.dossiersOf === undefined) mistake('needs dossiersOf for status-sync', 'name the scenario whose dossiers are reported on')
  return mistakes
}

export function isDossierPush(scenario: Pick<ProfileScenario, 'journey'>): boolean { return scenario.journey.includes('dossier-sync') }
