/**
 * Which officer acts in an iteration of a staff scenario, and on whose dossier: a pure function of seed, scenario and iteration. The account is one of
 * the procedure's level: the ministry's that handles it, else the citizen's province (and its communes), also where a central system holds the dossier.
 * A dossier with the fate `outside` is received by an officer of another province who may do that (004 II.1).
 * Without `dossiersOf`: an officer of any ministry or province, who reads reports.
 */
import { feedbackUnit, PORTAL_UNIT } from '../../contracts/reference/feedback-units.ts'
import { PARTNERS, partnerOf, type Partner } from '../../contracts/reference/partners.ts'
import { handlingPartner } from '../../contracts/reference/procedures.ts'
import { ACCOUNTS_PER_UNIT, ANYWHERE_EVERY, staffAccountOf, type StaffAccount, type StaffLevel } from '../../contracts/reference/staff.ts'
import type { LoadPlan, LoadScenario } from '../load-plan.ts'
import { wishOf, type Wish } from './citizen.ts'
import { drawsOf, pickOne, type Draw } from './draw.ts'
import { fatesOf, type Fate } from './fate.ts'
import { originOf, type Among, type Origin } from './origin.ts'

export type Officer = {
  account: StaffAccount
  region: string
  /** What a citizen sent and the officer acts on; absent for those who only read. */
  handles?: Handled
}
export type Handled = {
  /** The op of the citizen's step: what the dossier (or feedback) is found by. */
  reference: string
  /** The partner that handles the dossier. */
  partner: string
  fates: () => ReadonlySet<Fate>
  /** System id of the bank that the citizen pays at. */
  bank: string | undefined
}
export type OpOf = (scenario: string, iteration: number, step: string) => string

const MINISTRIES = PARTNERS.filter(({ kind }) => kind !== 'province')
const PROVINCES = PARTNERS.filter(({ kind }) => kind === 'province')

export function officerOf(load: LoadPlan, scenario: LoadScenario, iteration: number, among: Among, opOf: OpOf): Officer {
  const draw = drawsOf(load.seed, scenario.name, iteration)
  if (scenario.dossiersOf === undefined) return officerAt(pickOne(PARTNERS, draw('unit')), 'province', draw)
  const origin = originOf(load, scenario, iteration, among)
  const wish = wishOf(load, origin)
  const handles = handledOf(load, origin, wish, opOf)
  if (scenario.journey.includes('answer-feedback')) return { ...officerAt(answeringUnit(wish, draw), 'province', draw), handles }
  // An officer of another territory may receive, and nothing more.
  if (scenario.journey.includes('receive') && scenario.journey.every((act) => act === 'receive' || act === 'staff-login') && handles.fates().has('outside')) {
    return { ...elsewhere(wish.provinceId, draw), handles }
  }
  const { level } = wish.procedure
  return { ...(level === 'ministry' ? officerAt(partnerOf(handles.partner), 'province', draw) : officerAt(partnerOf(wish.provinceId), level, draw)), handles }
}

/** What of the citizen's iteration is acted on: the dossier submitted here or on a ministry's own service, else the feedback. */
export function handledOf(load: LoadPlan, { scenario, iteration }: Origin, wish: Wish, opOf: OpOf): Handled {
  const step = scenario.journey.includes('submit') ? 'submit' : scenario.journey.includes('apply') ? 'apply' : 'feedback-send'
  return {
    reference: opOf(scenario.name, iteration, step), partner: handlingPartner(wish.procedure, wish.provinceId), fates: () => fatesOf(load.seed, scenario, iteration), bank: wish.bank,
  }
}

/** `level`: of a province's officer; a ministry's (or utility's) unit has one level only. */
function officerAt({ kind, unitCode, region }: Partner, level: 'province' | 'commune', draw: Draw): Officer {
  const own: StaffLevel = kind === 'province' ? level : 'ministry'
  return { account: staffAccountOf(unitCode, own, Math.floor(draw('account') * ACCOUNTS_PER_UNIT[own])), region }
}

function elsewhere(provinceId: string, draw: Draw): Officer {
  const { unitCode, region } = pickOne(PROVINCES.filter(({ id }) => id !== provinceId), draw('unit'))
  return { account: staffAccountOf(unitCode, 'province', ANYWHERE_EVERY * Math.floor(draw('account') * ACCOUNTS_PER_UNIT.province / ANYWHERE_EVERY)), region }
}

/** What concerns the portal itself is answered by any ministry's officer in its name: its operator has no accounts of its own. */
function answeringUnit({ topic, provinceId }: Wish, draw: Draw): Partner {
  if (topic === undefined) throw new Error('answer-feedback needs dossiersOf: a scenario whose journey sends feedback')
  const unit = feedbackUnit(topic, provinceId)
  return unit === PORTAL_UNIT ? pickOne(MINISTRIES, draw('unit')) : PARTNERS.find(({ unitCode }) => unitCode === unit.slice(0, 3))!
}
