/**
 * A call centre with simulated agents: each call is taken or missed a while after it was asked, and handled a while after it was taken; who is missed and
 * how long a talk lasts is a seeded draw per call. Every step is told to `eventUrl`. Shares as on 31/5/2026 (000: 348 of 393 taken, 212 s on average).
 */
import type { z } from 'zod'
import { canonicalJson } from '../../contracts/canonical-json.ts'
import type { EvidenceRow } from '../../contracts/evidence.ts'
import type { askCall, CallEvent, CallFigures, CallState } from '../../contracts/partner-api/roles/call-centre.ts'
import { SENDER_HEADER } from '../../contracts/partner-api/roles/specialised.ts'
import { draw } from '../behaviour/draw.ts'
import { createCallbacks } from '../delivery/callbacks.ts'
import { createOutbox } from '../delivery/outbox.ts'
import type { OrdersOptions } from '../specialised/orders.ts'

export type CallRequest = z.infer<typeof askCall.request>
export type CallCentreOptions = OrdersOptions & { takenShare?: number; meanTalkS?: number }
export type CallCentre = ReturnType<typeof createCallCentre>
type HeldCall = CallState & { request: CallRequest; sequence: number; /** Wall clock. */ storedAt: number }

/** 000, of 31/5/2026. */
const TAKEN_SHARE = 348 / 393
const MEAN_TALK_S = 212
const HANOI_MS = 7 * 3_600_000
const MAX_DAYS = 4_000

export function createCallCentre({ world, retry, stepMs: [least, most] = [5, 300], takenShare = TAKEN_SHARE, meanTalkS = MEAN_TALK_S }: CallCentreOptions) {
  const calls = new Map<string, HeldCall>()
  const memory = world.memoryOf('call-centre')
  /** Of calls that are forgotten, by day: figures stay right. */
  const past = new Map<string, Tally>()
  const kept = memory.keep<HeldCall>({
    isFinished: ({ status }) => status === 'missed' || status === 'handled',
    forget: (forgotten) => {
      for (const call of forgotten) {
        calls.delete(call.reference)
        past.set(dayOf(call), tallied([call], past.get(dayOf(call))))
        if (past.size > MAX_DAYS) past.delete(past.keys().next().value!)
      }
    },
  })
  let numbered = 0
  const callbacks = createCallbacks({ sender: { [SENDER_HEADER]: 'call-centre' }, key: world.keyOf('call-centre'), wire: world.wireOf('call-centre'), outbox: { after: world.after, ...retry } })
  const underWay = createOutbox({ after: world.after, concurrency: Infinity })
  const drawn = (call: HeldCall, what: string) => draw(world.seed, 'call-centre', what, call.reference)

  function later(call: HeldCall, step: string, work: () => void): void {
    underWay.add(async () => {
      if (calls.get(call.reference) === call) work()
      return true
    }, least + drawn(call, step) * (most - least))
  }

  function happen(call: HeldCall, status: CallState['status']): void {
    call.status = status
    call.sequence += 1
    const { reference, callNumber, sequence, durationS, request: { eventUrl, phone } } = call
    const event: CallEvent = { reference, callNumber, status, sequence, at: Math.round(world.scenarioNow()), durationS }
    if (eventUrl !== undefined) callbacks.send('event', { url: eventUrl, subject: reference, fields: { phone }, body: () => event })
  }

  function answer(call: HeldCall): void {
    if (call.status !== 'asked') return
    if (drawn(call, 'taken') >= takenShare) { happen(call, 'missed'); return }
    happen(call, 'taken')
    later(call, 'talk', () => {
      // Talks are memoryless: many short ones, few long ones, this mean.
      call.durationS = Math.round(-meanTalkS * Math.log(1 - drawn(call, 'duration')))
      happen(call, 'handled')
    })
  }

  return {
    calls: calls as ReadonlyMap<string, CallState>,

    /** Undefined where the reference stands for another call. */
    ask(request: CallRequest): { created: boolean; call: CallState } | undefined {
      const known = calls.get(request.reference)
      if (known) return canonicalJson(known.request) === canonicalJson(request) ? { created: false, call: known } : undefined
      const { reference, topic, dossierCode } = request
      const call: HeldCall = {
        callNumber: `CG${String(numbered += 1).padStart(8, '0')}`, reference, status: 'asked', topic, dossierCode, askedAt: Math.round(world.scenarioNow()), durationS: null, request, sequence: 0, storedAt: world.wallNow(),
      }
      calls.set(reference, call)
      kept.add(call)
      happen(call, 'asked')
      later(call, 'answer', () => answer(call))
      return { created: true, call }
    },

    hangUp(reference: string): CallState | 'CALL_UNKNOWN' | 'ALREADY_TAKEN' {
      const call = calls.get(reference)
      if (!call) return 'CALL_UNKNOWN'
      if (call.status === 'asked') happen(call, 'missed')
      return call.status === 'missed' ? call : 'ALREADY_TAKEN'
    },

    figures(day: string): CallFigures {
      const { asked: waiting, taken: open, missed, handled, talkS } = tallied([...calls.values()].filter((call) => dayOf(call) === day), past.get(day))
      const [taken, asked] = [open + handled, waiting + open + missed + handled]
      return {
        day, asked, waiting, missed, taken, open, handled,
        takenBasisPoints: asked === 0 ? null : Math.round(taken * 10_000 / asked), averageS: handled === 0 ? null : Math.round(talkS / handled),
      }
    },

    forgotten: memory.forgotten,
    evidence(): EvidenceRow[] {
      memory.requireWhole()
      const seenAt = world.wallNow()
      return Array.from(calls.values(), ({ callNumber, reference, status, topic, dossierCode, durationS, storedAt }) => ({
        key: `call/${callNumber}`, op: reference, status, seenAt, sourceAt: storedAt, fields: { topic, dossierCode, durationS },
      }))
    },

    pending: () => underWay.pending() + callbacks.pending(),
    async close(): Promise<void> {
      underWay.close()
      await callbacks.close()
    },
  }
}

/** Calls by their status, and seconds of talk. */
type Tally = Record<CallState['status'], number> & { talkS: number }

function tallied(calls: readonly HeldCall[], before: Tally = { asked: 0, taken: 0, missed: 0, handled: 0, talkS: 0 }): Tally {
  const tally = { ...before }
  for (const { status, durationS } of calls) {
    tally[status] += 1
    tally.talkS += durationS ?? 0
  }
  return tally
}

function dayOf({ askedAt }: HeldCall): string { return new Date(askedAt + HANOI_MS).toISOString().slice(0, 10) }

export function callStateOf({ callNumber, reference, status, topic, dossierCode, askedAt, durationS }: CallState): CallState {
  return { callNumber, reference, status, topic, dossierCode, askedAt, durationS }
}
