/** The registry: the 13 flows and the acts that belong to them. A new one: one file, one line here. */
import { answerFeedback } from './answer-feedback.ts'
import { answerSupplement } from './answer-supplement.ts'
import { apply } from './apply.ts'
import { dossierSync } from './dossier-sync.ts'
import { feedback } from './feedback.ts'
import { findService } from './find-service.ts'
import type { Flow } from './flow.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { payAtCounter } from './pay-at-counter.ts'
import { pay } from './pay.ts'
import { process } from './process.ts'
import { readDossier } from './read-dossier.ts'
import { receive } from './receive.ts'
import { refund } from './refund.ts'
import { refuse } from './refuse.ts'
import { returnResult } from './return-result.ts'
import { sms } from './sms.ts'
import { staffLogin } from './staff-login.ts'
import { statistics } from './statistics.ts'
import { statusSync } from './status-sync.ts'
import { stop } from './stop.ts'
import { submit } from './submit.ts'
import { supplement } from './supplement.ts'
import { withdraw } from './withdraw.ts'

/** Everything that a journey can name: flows, each followed by its further parts. */
export const ACTS: readonly Flow[] = [
  login, logout, staffLogin,
  findService, readDossier,
  submit, apply,
  receive, refuse,
  supplement, answerSupplement,
  pay, payAtCounter, refund,
  process, stop, withdraw,
  returnResult,
  feedback, answerFeedback,
  sms,
  statistics,
  dossierSync,
  statusSync,
]

/** The 13 flows to test (000 3.2(4)). */
export const FLOWS: readonly Flow[] = ACTS.filter((act) => act.partOf === undefined)

/** Ids that a journey can name. */
export const FLOW_IDS: readonly string[] = ACTS.map((act) => act.id)

const BY_ID = Object.assign(Object.create(null), Object.fromEntries(ACTS.map((act) => [act.id, act]))) as Readonly<Record<string, Flow>>

export function flowOf(id: string): Flow {
  const flow = BY_ID[id]
  if (!flow) throw new Error(`no flow "${id}"`)
  return flow
}

/** Id of the flow that an act belongs to: what history lines and reports name. */
export function mainFlowOf(act: Flow): string { return act.partOf ?? act.id }

/** The flow and its further parts. */
export function actsOfFlow(flowId: string): Flow[] { return ACTS.filter((act) => mainFlowOf(act) === flowId) }
