/**
 * The part of a load that one k6 process plays where each stands in another place of the network (`Plan.workerParts`): the citizens of one region, so
 * that they resolve names as people there do, or everybody else. Every process counts through the same iterations and passes over those of others.
 */
import type { WorkerPart } from '../contracts/plan.ts'
import type { LoadPlan, LoadScenario } from './load-plan.ts'
import type { Among } from './cast/origin.ts'
import { regionOf } from './cast/citizen.ts'
import { busiestRequestsPerSecond } from './request-rate.ts'

/** A region's people are not evenly spread over the iterations: room above their share. */
const ROOM = 1.5

/** Scenarios of which the part plays anything, each with virtual users for its share. */
export function scenariosOf(load: LoadPlan, part: WorkerPart | undefined): LoadScenario[] {
  if (part === undefined) return load.scenarios
  if (part === 'others') return load.scenarios.filter(({ actor }) => actor !== 'citizen')
  const share = Math.min(1, shareOfRegion(load, part.citizensOf) * ROOM)
  return load.scenarios.filter(({ actor }) => actor === 'citizen').map((scenario) => ({ ...scenario, preAllocatedVUs: Math.max(1, Math.ceil(scenario.preAllocatedVUs * share)) }))
}

/** What the part sends of all requests, at the busiest moment of each kind of people. */
export function shareOfRequests(load: LoadPlan, part: WorkerPart | undefined): number {
  if (part === undefined) return 1
  const busiest = (citizens: boolean) => busiestRequestsPerSecond(load.scenarios.filter(({ actor }) => (actor === 'citizen') === citizens))
  const [ofCitizens, ofOthers] = [busiest(true), busiest(false)]
  const own = part === 'others' ? ofOthers : ofCitizens * shareOfRegion(load, part.citizensOf)
  return own === 0 ? 0 : own / (ofCitizens + ofOthers)
}

function shareOfRegion({ regions }: LoadPlan, region: string): number {
  return (regions[region] ?? 0) / Object.values(regions).reduce((sum, share) => sum + share, 0)
}

export function playsIteration(load: LoadPlan, part: WorkerPart | undefined, scenario: LoadScenario, iteration: number, among: Among): boolean {
  return part === undefined || part === 'others' || regionOf(load, scenario, iteration, among) === part.citizensOf
}
