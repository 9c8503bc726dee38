/** Operations of the sample night, about 20,000: seeded, spread over their scenarios, with latencies that have a tail. */
import { createHash } from 'node:crypto'
import { dossierCode } from '../../../contracts/codes.ts'
import type { OperationKind } from '../../../contracts/kinds.ts'
import { deriveOp, deriveTrace } from '../../../contracts/op.ts'
import type { OperationLine } from '../../../contracts/operation.ts'
import type { Plan, PlannedScenario } from '../../../contracts/plan.ts'
import { personOf } from '../../../contracts/reference/people.ts'
import { REGIONS } from '../../../contracts/reference/regions.ts'
import { CITIZENS, SAMPLE_BEGAN_AT } from './sample-plan.ts'

/** Middle of the answer time, ms. */
const USUAL_MS: Partial<Record<OperationKind, number>> = {
  'login': 38, 'logout': 9, 'service.find': 11, 'dossier.submit': 27, 'dossier.read': 10, 'payment.create': 46, 'payment.scan': 21, 'payment.read': 8,
  'sms.send': 18, 'sync.dossier': 14, 'sync.status': 10,
}

export type Trouble = {
  /** Wall ms of the switch: the south still reaches the old portal after it. */
  unevenSince: number | null
  /** Every nth push is refused by the WAF. */
  blockedEvery: number | null
}

export function sampleHistory(plan: Plan, trouble: Trouble): OperationLine[] {
  const draw = seeded(plan.seed)
  return plan.scenarios.flatMap((scenario) => (scenario.partners ? pushes(plan, scenario, draw, trouble) : scenario.name === 'status-w1' ? statuses(plan, scenario, draw) : journeys(plan, scenario, draw, trouble)))
    .sort((a, b) => a.completedAt - b.completedAt || (a.op < b.op ? -1 : 1))
}

function journeys(plan: Plan, scenario: PlannedScenario, draw: () => number, trouble: Trouble): OperationLine[] {
  return Array.from({ length: scenario.count }, (_, iteration) => {
    const region = REGIONS[Math.floor(draw() * 3)]!.id
    const pays = draw() < 0.4
    let invokedAt = start(scenario, iteration)
    return CITIZENS.filter(({ flow }) => flow !== 'pay' || (pays && scenario.name === 'citizens-new')).map((step) => {
      const old = scenario.name === 'citizens-old' || (trouble.unevenSince !== null && region === 'south' && invokedAt > trouble.unevenSince)
      const line = operation(plan, scenario, iteration, step, invokedAt, draw, { region, system: step.flow === 'sms' ? 'notifications' : step.kind === 'payment.scan' ? 'bank-vcb' : old ? 'legacy' : 'portal' })
      invokedAt = line.completedAt + Math.round(200 * draw())
      return line
    })
  }).flat()
}

function pushes(plan: Plan, scenario: PlannedScenario, draw: () => number, trouble: Trouble): OperationLine[] {
  // Interleaved, so that every partner finishes near the end of its wave.
  const turns = scenario.partners!.flatMap((partner) => Array.from({ length: partner.count }, (_, index) => ({ partner, index, turn: (index + 0.5) / partner.count })))
    .sort((a, b) => a.turn - b.turn)
  return turns.map(({ partner, index }, iteration) => {
    const blocked = trouble.blockedEvery !== null && (partner.id === 'justice' || partner.id === 'ha-noi') && index % trouble.blockedEvery === 3
    return operation(plan, scenario, iteration, scenario.steps[0]!, start(scenario, iteration), draw, {
      region: 'north', system: 'portal', dossierCode: dossierCode(partner.unitCode, '260410', index + 1), procedureCode: '9.900005', unitCode: partner.unitCode,
      fields: { partner: partner.id, applicantName: personOf(iteration).name },
      ...(blocked ? { outcome: 'fail' as const, error: 'WAF_BLOCKED: rule SQLI-07 matched "chọn hồ sơ từ bảng"', http: { status: 403, remote: plan.target.addresses.new } } : {}),
    })
  })
}

function statuses(plan: Plan, scenario: PlannedScenario, draw: () => number): OperationLine[] {
  return Array.from({ length: scenario.count }, (_, iteration) => operation(plan, scenario, iteration, scenario.steps[0]!, start(scenario, iteration), draw, { region: 'north', system: 'portal' }))
}

function operation(plan: Plan, scenario: PlannedScenario, iteration: number, step: PlannedScenario['steps'][number], invokedAt: number, draw: () => number, changes: Partial<OperationLine>): OperationLine {
  // Log-normal by Box-Muller, as answer times are.
  const spread = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
  const took = Math.max(1, Math.round(USUAL_MS[step.kind]! * Math.exp(0.45 * spread)))
  return {
    v: 1, op: deriveOp((text) => createHash('sha256').update(text).digest('hex'), plan.seed, scenario.name, iteration, step.step), attempt: 1, trace: deriveTrace(scenario.name, iteration),
    kind: step.kind, flow: step.flow, step: step.step, actor: scenario.actor, region: 'north', worker: 'w1', cohort: 'reresolve', phase: scenario.phase,
    intendedAt: invokedAt - 2, invokedAt, completedAt: invokedAt + took, outcome: 'ok', system: 'portal', ...changes,
  }
}

function start(scenario: PlannedScenario, iteration: number): number {
  return Math.round(SAMPLE_BEGAN_AT + scenario.startMs + scenario.durationMs * iteration / scenario.count)
}

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
