/**
 * What an officer at a partner's desk does in an iteration of a push scenario: takes a dossier, or reports a status on an earlier one.
 * Pure: dossier code, applicant and procedure follow from partner and running index, so a status push finds its dossier without asking anybody.
 */
import { dossierCode } from '../../contracts/codes.ts'
import { partnerOf } from '../../contracts/reference/partners.ts'
import { personOf, type Person } from '../../contracts/reference/people.ts'
import { PROCEDURES, type Procedure } from '../../contracts/reference/procedures.ts'
import { assignStatus, type Assignment } from '../assign.ts'
import { scenarioOf, type LoadPlan, type LoadScenario } from '../load-plan.ts'
import { drawsOf, pickOne } from './draw.ts'
import { noteOf } from './notes.ts'

/** Assignment of a push scenario's iteration; in k6 looked up in a table shared between virtual users. */
export type Assignments = (scenario: string, iteration: number) => Assignment
export type Notes = ArrayLike<string>

export type DeskDossierPush = {
  kind: 'dossier'; partner: string; region: string; unitCode: string; dossierCode: string; procedureCode: string; applicant: Person; note: string
}
export type DeskStatusPush = { kind: 'status'; partner: string; region: string; unitCode: string; dossierCode: string; status: 'in-process' | 'done' }
export type DeskPush = DeskDossierPush | DeskStatusPush

export function deskPushOf(load: LoadPlan, scenario: LoadScenario, iteration: number, assignments: Assignments, notes: Notes): DeskPush {
  if (scenario.dossiersOf === undefined) return dossierPushOf(load, scenario, iteration, assignments, notes)
  const earlier = scenarioOf(load, scenario.dossiersOf)
  const { dossierIteration, status } = assignStatus(iteration, scenario.count, earlier.count)
  const { partner, region, unitCode, code } = placeOf(load, earlier, dossierIteration, assignments)
  return { kind: 'status', partner, region, unitCode, dossierCode: code, status }
}

function dossierPushOf(load: LoadPlan, scenario: LoadScenario, iteration: number, assignments: Assignments, notes: Notes): DeskDossierPush {
  const { partner, region, unitCode, code } = placeOf(load, scenario, iteration, assignments)
  const draw = drawsOf(load.seed, scenario.name, iteration)
  return {
    kind: 'dossier', partner, region, unitCode, dossierCode: code, procedureCode: pickOne(deskOf(partner).procedures, draw('procedure')).code,
    applicant: personOf(scenario.firstPerson + iteration), note: noteOf(notes, draw),
  }
}

function placeOf(load: LoadPlan, scenario: LoadScenario, iteration: number, assignments: Assignments) {
  const { partner: at, running } = assignments(scenario.name, iteration)
  const { id, unitCode } = scenario.partners![at]!
  return { partner: id, region: deskOf(id).region, unitCode, code: dossierCode(unitCode, load.yymmdd, scenario.firstDeskNumbers[at]! + running) }
}

/** Looked up once by every virtual user. */
const desks = new Map<string, { region: string; procedures: readonly Procedure[] }>()

function deskOf(partnerId: string) {
  let desk = desks.get(partnerId)
  if (!desk) desks.set(partnerId, desk = { region: partnerOf(partnerId).region, procedures: proceduresAt(partnerId) })
  return desk
}

/** What the partner handles; a ministry without a procedure of its own in the list takes what its name stands on, or anything. */
function proceduresAt(partnerId: string): readonly Procedure[] {
  const own = partnerOf(partnerId).kind === 'province'
    ? PROCEDURES.filter((procedure) => procedure.handledBy === 'province')
    : PROCEDURES.filter((procedure) => procedure.handledBy === 'ministry' && procedure.ministry === partnerId)
  if (own.length > 0) return own
  const named = PROCEDURES.filter((procedure) => procedure.ministry === partnerId)
  return named.length > 0 ? named : PROCEDURES
}
