/**
 * Who acts in an iteration of a citizens' scenario, and what for: a pure function of seed, scenario and iteration. Invented people only.
 * A scenario with `dossiersOf` (look-ups) is played by people of that scenario, picked evenly; they want to see what they submitted there.
 */
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { PROCEDURES, type Procedure } from '../../contracts/reference/procedures.ts'
import { personOf, type Person } from '../../contracts/reference/people.ts'
import { scenarioOf, type Cohort, type LoadPlan, type LoadScenario } from '../load-plan.ts'
import { drawsOf, pickOne, pickShare } from './draw.ts'

export type Citizen = {
  person: Person
  region: string
  cohort: Cohort
  provinceId: string
  procedure: Procedure
  /** System id of the bank. */
  bank: string | undefined
  /** Flows of the journey that this iteration goes through. */
  flows: string[]
}

const WITH_FEE = PROCEDURES.filter((procedure) => procedure.feeVnd > 0)
const PROVINCES = PARTNERS.filter((partner) => partner.kind === 'province')

export function citizenOf(load: LoadPlan, scenario: LoadScenario, iteration: number): Citizen {
  if (scenario.dossiersOf !== undefined) {
    const earlier = scenarioOf(load, scenario.dossiersOf)
    const citizen = citizenOf(load, earlier, Math.floor(iteration * earlier.count / scenario.count))
    return { ...citizen, flows: flowsOf(load, scenario, iteration) }
  }
  const draw = drawsOf(load.seed, scenario.name, iteration)
  const flows = flowsOf(load, scenario, iteration)
  const region = pickShare(load.regions, draw('region'))
  const provinces = PROVINCES.filter((province) => province.region === region)
  const banks = Object.keys(load.systems).filter((id) => id.startsWith('bank-')).sort()
  return {
    person: personOf(scenario.firstPerson + iteration),
    region,
    cohort: draw('cohort') < load.keptAliveShare ? 'kept' : 'reresolve',
    provinceId: pickOne(provinces.length > 0 ? provinces : PROVINCES, draw('province')).id,
    // Whoever pays has chosen something with a fee: the share of payers is then the profile's, not the price list's.
    procedure: pickOne(flows.includes('pay') ? WITH_FEE : PROCEDURES, draw('procedure')),
    bank: banks[iteration % Math.max(1, banks.length)],
    flows,
  }
}

function flowsOf(load: LoadPlan, scenario: LoadScenario, iteration: number): string[] {
  const draw = drawsOf(load.seed, scenario.name, iteration)
  return scenario.journey.filter((flow) => draw(`takes/${flow}`) < (scenario.shares[flow] ?? 1))
}
