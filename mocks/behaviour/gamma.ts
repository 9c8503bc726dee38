/**
 * The quantile function of the gamma distribution of scale 1: Halley's steps on the regularised incomplete gamma function, from Wilson and Hilferty's
 * approximation (for small shapes from the beginning of the series). In: shape > 0, 0 < p < 1. About ten digits.
 */
import { normalQuantile } from './normal.ts'

const MAX_STEPS = 60
const MAX_TERMS = 10_000
const CLOSE = 1e-12

export function gammaQuantile(shape: number, p: number): number {
  const log = logGamma(shape)
  let x = firstGuess(shape, p, log)
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const error = lowerShare(shape, x, log) - p
    const density = Math.exp((shape - 1) * Math.log(x) - x - log)
    if (density === 0 || !Number.isFinite(density)) break
    const newton = error / density
    const halley = newton / (1 - 0.5 * Math.min(1, newton * ((shape - 1) / x - 1)))
    // Never across zero, from where no step leads back.
    const next = x - halley > 0 ? x - halley : x / 2
    if (Math.abs(next - x) < CLOSE * next) return next
    x = next
  }
  return x
}

function firstGuess(shape: number, p: number, log: number): number {
  // The first term of the series: exact where p is small.
  const small = Math.exp((Math.log(p) + log + Math.log(shape)) / shape)
  if (shape < 1) return Math.max(small, Number.MIN_VALUE)
  const cube = 1 - 1 / (9 * shape) + normalQuantile(p) / (3 * Math.sqrt(shape))
  return cube > 0 ? Math.max(shape * cube ** 3, Number.MIN_VALUE) : small
}

/** The share that lies below x: by its series, above the mean by the continued fraction of the rest (Lentz). */
function lowerShare(shape: number, x: number, log: number): number {
  const factor = Math.exp(shape * Math.log(x) - x - log)
  if (x < shape + 1) {
    let term = 1 / shape
    let sum = term
    for (let n = 1; n < MAX_TERMS && term > sum * Number.EPSILON; n += 1) {
      term *= x / (shape + n)
      sum += term
    }
    return sum * factor
  }
  const least = Number.MIN_VALUE / Number.EPSILON
  let b = x + 1 - shape
  let c = 1 / least
  let d = 1 / b
  let fraction = d
  for (let n = 1; n < MAX_TERMS; n += 1) {
    const a = -n * (n - shape)
    b += 2
    d = 1 / apart(a * d + b, least)
    c = apart(b + a / c, least)
    const change = d * c
    fraction *= change
    if (Math.abs(change - 1) < Number.EPSILON) break
  }
  return 1 - fraction * factor
}

function apart(value: number, least: number): number { return Math.abs(value) < least ? least : value }

/** Lanczos' approximation (g = 7, nine terms). */
const LANCZOS: readonly number[] = [0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7]

function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const at = x - 1
  const sum = LANCZOS.slice(1).reduce((total, coefficient, n) => total + coefficient / (at + n + 1), LANCZOS[0]!)
  const t = at + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (at + 0.5) * Math.log(t) - t + Math.log(sum)
}
