/**
 * Waits by a distribution (contracts/api/behaviour.ts): its quantile function applied to a seeded draw, so that the same draw gives the same wait and
 * what was asked for can be compared with what was measured at any quantile. Out: ms, never below zero nor above a day.
 */
import type { Latency } from '../../contracts/api/behaviour.ts'
import { gammaQuantile } from './gamma.ts'
import { normalQuantile } from './normal.ts'

/** z of the 95th percentile. */
const Z95 = 1.6448536269514722
const LEAST = 2 ** -33
const LONGEST_MS = 86_400_000

export function latencyQuantileMs(latency: Latency, p: number): number {
  return Math.min(LONGEST_MS, Math.max(0, quantile(latency, Math.min(1 - LEAST, Math.max(LEAST, p)))))
}

function quantile(latency: Latency, p: number): number {
  switch (latency.distribution) {
    case 'constant': return latency.ms
    case 'uniform': return latency.minMs + p * (latency.maxMs - latency.minMs)
    case 'exponential': return -Math.log1p(-p) * latency.meanMs
    case 'normal': return latency.meanMs + latency.sdMs * normalQuantile(p)
    case 'log-normal': {
      const { mu, sigma } = logarithmsOf(latency)
      return Math.exp(mu + sigma * normalQuantile(p))
    }
    case 'gamma': {
      const { shape, scaleMs } = 'shape' in latency ? latency : { shape: (latency.meanMs / latency.sdMs) ** 2, scaleMs: latency.sdMs ** 2 / latency.meanMs }
      return scaleMs * gammaQuantile(shape, p)
    }
    case 'weibull': return latency.scaleMs * (-Math.log1p(-p)) ** (1 / latency.shape)
    case 'pareto': return Math.min(latency.maxMs, latency.minMs / (1 - p) ** (1 / latency.alpha))
    case 'quantiles': return between(latency.points, p)
  }
}

function logarithmsOf(latency: Extract<Latency, { distribution: 'log-normal' }>): { mu: number; sigma: number } {
  if ('p50Ms' in latency) return { mu: Math.log(latency.p50Ms), sigma: Math.log(latency.p95Ms / latency.p50Ms) / Z95 }
  const variance = Math.log1p((latency.sdMs / latency.meanMs) ** 2)
  return { mu: Math.log(latency.meanMs) - variance / 2, sigma: Math.sqrt(variance) }
}

function between(points: readonly { at: number; ms: number }[], p: number): number {
  const next = points.findIndex((point) => point.at >= p)
  if (next < 0) return points.at(-1)!.ms
  const above = points[next]!
  const below = points[next - 1] ?? { at: 0, ms: above.at === 0 ? above.ms : 0 }
  return above.at === below.at ? above.ms : below.ms + (p - below.at) / (above.at - below.at) * (above.ms - below.ms)
}
