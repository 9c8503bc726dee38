/**
 * What an officer at a partner's desk does in an iteration of a push scenario: takes a dossier, reports a status on one taken earlier, or, without an
 * account on the coordination system, handles one that a citizen submitted on the portal (000 2(5)).
 * Pure: code, applicant and procedure of a desk's dossier follow from partner and running index, so a status push finds it without asking anybody;
 * the portal's own codes are not known beforehand, so a citizen's dossier is found at the partner by its reference.
 */
import { dossierCode } from '../../contracts/codes.ts'
import { partnerOf } from '../../contracts/reference/partners.ts'
import { personOf, type Person } from '../../contracts/reference/people.ts'
import { PROCEDURES, type Procedure } from '../../contracts/reference/procedures.ts'
import { assignStatus, type Assignment } from '../assign.ts'
import { scenarioOf, type LoadPlan, type LoadScenario } from '../load-plan.ts'
import { wishOf } from './citizen.ts'
import { drawsOf, pickOne } from './draw.ts'
import { noteOf, type Notes } from './notes.ts'
import { handledOf, type OpOf } from './officer.ts'
import { originOf, type Among } from './origin.ts'

/** Assignment of a push scenario's iteration; in k6 looked up in a table shared between virtual users. */
export type Assignments = (scenario: string, iteration: number) => Assignment
/** What the casting of a desk looks things up in. */
export type Desk = { assignments: Assignments; notes: Notes; among: Among; opOf: OpOf }

type Place = { partner: string; region: string; unitCode: string }
export type DeskDossierPush = Place & { kind: 'dossier'; dossierCode: string; procedureCode: string; applicant: Person; note: string }
export type DeskStatusPush = Place & { kind: 'status'; dossierCode: string; status: 'in-process' | 'done' }
export type DeskHandling = Place & { kind: 'handling'; reference: string }
export type DeskPush = DeskDossierPush | DeskStatusPush | DeskHandling

export function deskPushOf(load: LoadPlan, scenario: LoadScenario, iteration: number, desk: Desk): DeskPush {
  if (scenario.dossiersOf === undefined) return dossierPushOf(load, scenario, iteration, desk)
  const earlier = scenarioOf(load, scenario.dossiersOf)
  if (!earlier.partners) return handlingOf(load, scenario, iteration, desk)
  const { dossierIteration, status } = assignStatus(iteration, scenario.count, earlier.count, scenario.shares['done'])
  const { code, ...place } = placeOf(load, earlier, dossierIteration, desk.assignments)
  return { kind: 'status', ...place, dossierCode: code, status }
}

function handlingOf(load: LoadPlan, scenario: LoadScenario, iteration: number, { among, opOf }: Desk): DeskHandling {
  const origin = originOf(load, scenario, iteration, among)
  const { reference, partner } = handledOf(load, origin, wishOf(load, origin), opOf)
  const { region, unitCode } = partnerOf(partner)
  return { kind: 'handling', partner, region, unitCode, reference }
}

function dossierPushOf(load: LoadPlan, scenario: LoadScenario, iteration: number, { assignments, notes }: Desk): DeskDossierPush {
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
