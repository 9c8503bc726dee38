/**
 * The part of `plan.json` that the load is generated from, small enough for every virtual user to hold. In: the plan. Out: scenarios with their
 * first person, where everything is reached, shares. Nothing else of the plan (criteria, runbook) can influence the load.
 */
import type { Plan, PlannedScenario, WorkerPart } from '../contracts/plan.ts'
import type { Target } from '../contracts/target.ts'
import { forbiddenBlocks, isBlock } from './allowed-addresses.ts'
import { urlParts } from './url-parts.ts'

/** Indices below belong to the old portal's own people. */
export const FIRST_PERSON = 20_000_000
/**
 * Desk numbers start here: above migrated dossiers (below 5,000,000) and those that the portal numbers itself (from 5,000,001, see the mapping),
 * so that codes of one day never meet (assumed: the official numbering is not public).
 */
export const FIRST_DESK_NUMBER = 7_000_001

/** Where k6 asks for leave to begin, and nothing more of the loopback: a target may be elsewhere. */
const HARNESS = ['127.0.0.1/32', '::1/128']

/** Without `steps`, which its acts know: each virtual user parses it. */
export type LoadScenario = Omit<PlannedScenario, 'steps'> & {
  firstPerson: number
  /** Number of the first dossier of each of `partners` in this scenario. */
  firstDeskNumbers: number[]
}

export type LoadPlan = {
  seed: number
  workerParts?: Record<string, WorkerPart>
  /** The night's date in dossier codes. */
  yymmdd: string
  scenarios: LoadScenario[]
  /** Where a plan is not held whole (k6): one scenario when it is first asked for. */
  lookUp?: (name: string) => LoadScenario | undefined
  regions: Record<string, number>
  keptAliveShare: number
  portalHost: string
  gateways: Record<string, Record<Cohort, string>>
  /** Business addresses by system id. */
  systems: Record<string, string>
  /** k6 `hosts`: names that stand for a gateway's address. */
  hosts: Record<string, string>
  /** The same for k6 of a region alone: the portal's own name, behind which stands what the region's resolver says. */
  entries: Record<string, Record<string, string>>
  /** Everything outside the target's allow-list and the address at which the harness lets k6 begin. */
  forbidden: string[]
  /** The target's highest rate, this process's share of it (of all together where each plays a part, `k6-options.ts`): k6 itself keeps to it. */
  requestsPerSecond?: number
}

export type Cohort = 'kept' | 'reresolve'

export function loadPlanOf(plan: Pick<Plan, 'seed' | 'runbook' | 'profile' | 'target' | 'scenarios' | 'workerParts'> & Partial<Pick<Plan, 'workers'>>): LoadPlan {
  const { allow, may, pinned = {} } = plan.target
  return {
    seed: plan.seed,
    ...(plan.workerParts && { workerParts: plan.workerParts }),
    yymmdd: plan.runbook.window.date.slice(2).replace(/-/g, ''),
    scenarios: withFirsts(plan.scenarios.filter(({ actor }) => actor !== 'tester')),
    regions: plan.profile.regions,
    keptAliveShare: plan.profile.keptAliveShare,
    portalHost: plan.target.portalHost,
    ...gatewaysOf(plan.target),
    ...(may?.ratePerSecond !== undefined && { requestsPerSecond: plan.workerParts ? may.ratePerSecond : Math.max(1, Math.floor(may.ratePerSecond / Math.max(1, plan.workers?.length ?? 1))) }),
    systems: Object.fromEntries(plan.target.systems.flatMap((system) => (system.url ? [[system.id, trimSlash(system.url)]] : []))),
    // A name on the list stands for the addresses that it had when the run was planned.
    forbidden: forbiddenBlocks([...allow.flatMap((entry) => isBlock(entry) ? [entry] : pinned[entry] ?? []), ...HARNESS]),
  }
}

export function scenarioOf(load: LoadPlan, name: string): LoadScenario {
  const scenario = load.lookUp ? load.lookUp(name) : load.scenarios.find((candidate) => candidate.name === name)
  if (!scenario) throw new Error(`the plan has no scenario "${name}"`)
  return scenario
}

/** Consecutive blocks: nobody appears in two scenarios, so the business check for duplicates never meets its own load. */
function withFirsts(scenarios: readonly PlannedScenario[]): LoadScenario[] {
  const deskNumbers = new Map<string, number>()
  let firstPerson = FIRST_PERSON
  return scenarios.map((scenario) => {
    const { steps: _, ...played } = scenario
    const own = { ...played, firstPerson, firstDeskNumbers: (scenario.partners ?? []).map((partner) => deskNumbers.get(partner.id) ?? FIRST_DESK_NUMBER) }
    firstPerson += scenario.count
    scenario.partners?.forEach((partner, at) => deskNumbers.set(partner.id, own.firstDeskNumbers[at]! + partner.count))
    return own
  })
}

/**
 * Connections are pooled by host name. If both cohorts used one name, those who resolve anew would take over a kept-alive connection, and the
 * DNS switch would not be seen. So each cohort of a region reaches the gateway's address by a name of its own.
 */
function gatewaysOf(target: Target): Pick<LoadPlan, 'gateways' | 'hosts' | 'entries'> {
  const gateways: LoadPlan['gateways'] = {}
  const hosts: Record<string, string> = {}
  const entries: LoadPlan['entries'] = {}
  for (const { id, gateway, entry } of target.regions) {
    const parts = urlParts(gateway)
    if (parts && entry) entries[id] = { [parts.host]: `${entry.host}:${entry.port}` }
    const named = (cohort: Cohort) => {
      if (!parts) return trimSlash(gateway)
      // k6 takes no name with the dot of the root into `hosts`; behind its own entry a port means nothing but another pool.
      if (entry) return `${parts.scheme}://${parts.host}:${cohort === 'kept' ? parts.port : otherPort(parts.port)}`
      // A gateway given by name keeps it: TLS and virtual hosts hang on it. The dot of the root makes it another name for the pool and the same for DNS and TLS.
      if (!/^[\d.]+$/.test(parts.host)) return cohort === 'kept' ? trimSlash(gateway) : trimSlash(gateway).replace(parts.host, `${parts.host}.`)
      const name = `${cohort}.${id}.gateway.test`
      hosts[name] = parts.host
      return `${parts.scheme}://${name}:${parts.port}`
    }
    gateways[id] = { kept: named('kept'), reresolve: named('reresolve') }
  }
  return { gateways, hosts, entries }
}

function otherPort(port: number): number { return port === 65_535 ? 1 : port + 1 }

function trimSlash(url: string): string { return url.replace(/\/+$/, '') }
