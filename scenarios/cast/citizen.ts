/**
 * Who acts in an iteration of a citizens' scenario, and what for: a pure function of seed, scenario and iteration. Invented people only.
 * A scenario with `dossiersOf` is played by people of that scenario; they want to see, supplement or withdraw what they submitted there.
 * Shares: `foreigner` and `company` of the people, `fine` and `social-insurance` of those who pay, and one for each act that not everybody goes through.
 */
import { FEEDBACK_TOPICS, type FeedbackTopic } from '../../contracts/reference/feedback-units.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { personOf, type Person, type PersonKind } from '../../contracts/reference/people.ts'
import { PROCEDURES, type Procedure } from '../../contracts/reference/procedures.ts'
import type { Cohort, LoadPlan, LoadScenario } from '../load-plan.ts'
import { drawsOf, pickOne, pickShare, type Draw } from './draw.ts'
import { happensBy } from './fate.ts'
import { originOf, type Among, type Origin } from './origin.ts'

export type Wish = {
  region: string
  provinceId: string
  procedure: Procedure
  /** System id of the bank. */
  bank: string | undefined
  /** Of those who send feedback. */
  topic?: FeedbackTopic
}
export type Citizen = Wish & {
  person: Person
  cohort: Cohort
  /** Acts of the journey that this iteration goes through. */
  acts: readonly string[]
}

/** Shares of a citizens' scenario beside those of acts and fates. */
export const CITIZEN_SHARES = ['foreigner', 'company', 'fine', 'social-insurance'] as const

const SUBMITTED = PROCEDURES.filter((procedure) => !procedure.redirected)
const REDIRECTED = PROCEDURES.filter((procedure) => procedure.redirected)
/** What is not a dossier with a fee but a payment with a dossier. */
const FINES = SUBMITTED.filter(({ payment }) => payment === 'fine')
const SOCIAL_INSURANCE = SUBMITTED.filter(({ payment }) => payment === 'social-insurance')
const ORDINARY = SUBMITTED.filter(({ payment }) => payment === undefined || payment === 'fee')
const WITH_FEE = ORDINARY.filter(({ feeVnd }) => feeVnd > 0)
const PROVINCES = PARTNERS.filter((partner) => partner.kind === 'province')
const PROVINCES_OF = new Map([...new Set(PROVINCES.map(({ region }) => region))].map((region) => [region, PROVINCES.filter((province) => province.region === region)]))

export function citizenOf(load: LoadPlan, scenario: LoadScenario, iteration: number, among: Among): Citizen {
  if (scenario.dossiersOf !== undefined) {
    const origin = originOf(load, scenario, iteration, among)
    const citizen = citizenOf(load, origin.scenario, origin.iteration, among)
    citizen.acts = actsOf(load, scenario, iteration)
    return citizen
  }
  const draw = drawsOf(load.seed, scenario.name, iteration)
  const acts = takenBy(draw, scenario)
  // No copy: each costs k6's engine 10 µs.
  const citizen = drawnWish(load, scenario, iteration, acts, draw) as Citizen
  citizen.person = personOf(scenario.firstPerson + iteration, kindOf(scenario, draw))
  citizen.cohort = draw('cohort') < load.keptAliveShare ? 'kept' : 'reresolve'
  citizen.acts = acts
  return citizen
}

/** What an iteration of a submitting scenario wants, and where: all that those who handle it later need to know. */
export function wishOf(load: LoadPlan, { scenario, iteration }: Origin): Wish {
  const draw = drawsOf(load.seed, scenario.name, iteration)
  return drawnWish(load, scenario, iteration, takenBy(draw, scenario), draw)
}

function drawnWish(load: LoadPlan, scenario: LoadScenario, iteration: number, acts: readonly string[], draw: Draw): Wish {
  const region = pickShare(load.regions, draw('region'))
  const banks = banksOf(load)
  const wish: Wish = {
    region,
    provinceId: pickOne(PROVINCES_OF.get(region) ?? PROVINCES, draw('province')).id,
    procedure: pickOne(wantedOf(scenario, acts, draw), draw('procedure')),
    bank: banks[iteration % Math.max(1, banks.length)],
  }
  if (acts.includes('feedback')) wish.topic = pickOne(FEEDBACK_TOPICS, draw('topic'))
  return wish
}

/** Where the citizen of an iteration lives, without drawing anything else. */
export function regionOf(load: LoadPlan, scenario: LoadScenario, iteration: number, among: Among): string {
  const origin = originOf(load, scenario, iteration, among)
  return pickShare(load.regions, drawsOf(load.seed, origin.scenario.name, origin.iteration)('region'))
}

/** Acts of the journey that an iteration goes through. */
export function actsOf(load: LoadPlan, scenario: LoadScenario, iteration: number): readonly string[] {
  // Officers and desks take all: nothing to draw.
  if (!scenario.journey.some((act) => scenario.shares[act] !== undefined)) return scenario.journey
  return takenBy(drawsOf(load.seed, scenario.name, iteration), scenario)
}

function takenBy(draw: Draw, { journey, shares }: LoadScenario): readonly string[] {
  let acts: string[] | undefined
  for (let at = 0; at < journey.length; at += 1) {
    const act = journey[at]!
    const share = shares[act]
    const taken = share === undefined || draw(takes[act] ??= `takes/${act}`) < share
    if (!taken) acts ??= journey.slice(0, at)
    else acts?.push(act)
  }
  return acts ?? journey
}

/** Names of their draws, by act. */
const takes: Record<string, string> = Object.create(null) as Record<string, string>

function kindOf({ shares }: LoadScenario, draw: Draw): PersonKind {
  const { foreigner = 0, company = 0 } = shares
  if (foreigner + company === 0) return 'citizen'
  const drawn = draw('person-kind')
  return drawn < foreigner ? 'foreigner' : drawn < foreigner + company ? 'company' : 'citizen'
}

/** Whoever pays has chosen something to pay for: the share of payers, and of what, is then the profile's and not the price list's. */
function wantedOf({ shares }: LoadScenario, acts: readonly string[], draw: Draw): readonly Procedure[] {
  if (acts.includes('apply')) return REDIRECTED
  if (!acts.includes('pay')) return happensBy(draw, shares, 'counter') ? WITH_FEE : ORDINARY
  const { fine = 0, 'social-insurance': insurance = 0 } = shares
  if (fine + insurance === 0) return WITH_FEE
  const drawn = draw('purpose')
  return drawn < fine ? FINES : drawn < fine + insurance ? SOCIAL_INSURANCE : WITH_FEE
}

/** A load has few systems, but sorting out its banks anew for each citizen costs as much as the rest of the casting. */
let banks: { of: LoadPlan['systems']; ids: readonly string[] } | undefined
function banksOf({ systems }: LoadPlan): readonly string[] {
  if (banks?.of !== systems) banks = { of: systems, ids: Object.keys(systems).filter((id) => id.startsWith('bank-')).sort() }
  return banks.ids
}
