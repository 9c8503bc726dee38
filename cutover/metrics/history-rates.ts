/**
 * Metrics of the running history: `sync.errorRate`, `portal.errorRate`, `portal.<step>.errorRate`, `portal.<step>.p95`, `load.rate`.
 * Over the last 10 s of the wall clock, or with `(since-switch)` over everything since the DNS switch. Null with fewer samples than
 * MIN_SAMPLES: one failure of three is no rate.
 */
import type { OperationKind } from '../../contracts/kinds.ts'
import type { Night } from '../night.ts'
import { NO_ARGUMENT, type Metric, type MetricArguments } from './metric.ts'

export const WINDOW_MS = 10_000
export const MIN_SAMPLES = 5
const RATE_WINDOW_MS = 3_000

const FRONT_KINDS: readonly OperationKind[] = ['login', 'logout', 'service.find', 'dossier.submit', 'dossier.read', 'payment.create', 'payment.read', 'sms.send']
const SYNC_KINDS: readonly OperationKind[] = ['sync.dossier', 'sync.status']
const STEP_KINDS = { login: 'login', find: 'service.find', submit: 'dossier.submit', pay: 'payment.create', sms: 'sms.send' } as const satisfies Record<string, OperationKind>

const SINCE_ARGUMENT: MetricArguments = { words: ['since-switch'], waves: false, required: false }

/** Null where the moment that the argument names has not come. */
function since(night: Night, argument: string | undefined): number | null {
  return argument === 'since-switch' ? night.state.switchedAt : night.ports.clock.nowMs() - WINDOW_MS
}

function errorRate(id: string, kinds: readonly OperationKind[]): Metric {
  return {
    id, unit: 'ratio', arguments: SINCE_ARGUMENT,
    async measure(night, argument) {
      const from = since(night, argument)
      if (from === null) return null
      const { ok, fail, info } = night.ports.live.counts({ kinds, since: from })
      const all = ok + fail + info
      return all < MIN_SAMPLES ? null : (fail + info) / all
    },
  }
}

function p95(id: string, kind: OperationKind): Metric {
  return {
    id, unit: 'ms', arguments: NO_ARGUMENT,
    async measure(night) {
      const latency = night.ports.live.latencyMs({ kinds: [kind], since: night.ports.clock.nowMs() - WINDOW_MS }, 0.95)
      return latency && latency.samples >= MIN_SAMPLES ? latency.value : null
    },
  }
}

const loadRate: Metric = {
  id: 'load.rate', unit: 'count', arguments: NO_ARGUMENT,
  async measure(night) {
    const { ok, fail, info } = night.ports.live.counts({ kinds: [...FRONT_KINDS, ...SYNC_KINDS, 'payment.scan'], since: night.ports.clock.nowMs() - RATE_WINDOW_MS })
    return (ok + fail + info) / (RATE_WINDOW_MS / 1_000)
  },
}

export const HISTORY_METRICS: readonly Metric[] = [
  errorRate('sync.errorRate', SYNC_KINDS),
  errorRate('portal.errorRate', FRONT_KINDS),
  ...Object.entries(STEP_KINDS).flatMap(([step, kind]) => [errorRate(`portal.${step}.errorRate`, [kind]), p95(`portal.${step}.p95`, kind)]),
  loadRate,
]
