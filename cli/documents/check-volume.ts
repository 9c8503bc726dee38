/** What the derived part of a profile must hold beyond its schema: a mix that is there, a curve in order and inside the window that sums to its day. */
import { clockOffsetMs } from '../../contracts/duration.ts'
import { InputError, type Problem } from '../../contracts/error.ts'
import type { Profile } from '../../contracts/profile.ts'
import { readMix } from '../../scenarios/derive/mix.ts'
import { hoursOf, peakHoursUnder } from '../../scenarios/derive/volume.ts'
import type { PathSegment, Place } from './yaml-document.ts'

type Window = { start: string; end: string }
type Curve = NonNullable<Profile['volume']>['curve']

/** From so many hours on a curve is meant as a whole day; shorter ones are a part of it. */
const DAY_FROM_HOURS = 16
/** A curve is written by hand, in two decimals. */
const DAY_TOLERANCE = 0.01

export function checkVolume(volume: NonNullable<Profile['volume']>, place: Place, window: Window | undefined): Problem[] {
  const problems = checkCurve(volume.curve, ['volume', 'curve'], place, window)
  try { readMix(volume.mix, place(['volume', 'mix'])) } catch (error) {
    if (!(error instanceof InputError)) throw error
    problems.push(...error.problems)
  }
  if (problems.length > 0 || !window) return problems
  const hours = hoursOf(volume.curve, window.start)
  const area = peakHoursUnder(volume.curve, window.start)
  const day = 1 / volume.peakHourShare
  if (hours >= DAY_FROM_HOURS && Math.abs(area / day - 1) > DAY_TOLERANCE) {
    problems.push({
      code: 'CURVE_NOT_A_DAY', where: place(['volume', 'curve']),
      what: `the curve covers ${hours} hours and sums to ${area.toFixed(3)} peak hours; with ${volume.peakHourShare} of the day in its peak hour a day has ${day.toFixed(3)}`,
      mend: `multiply its values outside the peaks so that the sum is ${day.toFixed(3)}, or set peakHourShare to ${(1 / area).toFixed(4)}`,
    })
  }
  return problems
}

/** Points in order and inside the window; somewhere above zero. */
export function checkCurve(curve: Curve, path: readonly PathSegment[], place: Place, window: Window | undefined): Problem[] {
  const problems: Problem[] = []
  const invalid = (at: readonly PathSegment[], what: string, mend: string, code = 'CURVE_INVALID') => { problems.push({ code, what, where: place([...path, ...at]), mend }) }
  if (window) {
    const offsets = curve.map(({ at }) => clockOffsetMs(window.start, at))
    const length = clockOffsetMs(window.start, window.end)
    offsets.forEach((offset, index) => {
      if (offset > length) invalid([index, 'at'], `${curve[index]!.at} does not lie inside the window ${window.start} to ${window.end}`, 'give times inside the window', 'TIMES_OUTSIDE_WINDOW')
      else if (index > 0 && offset < offsets[index - 1]!) invalid([index, 'at'], `${curve[index]!.at} comes before ${curve[index - 1]!.at}`, 'write the points in the order of the clock')
    })
    if (problems.length === 0 && offsets.at(-1) === offsets[0]) invalid([], 'the curve has no length', 'give its last point a later time')
  }
  if (curve.every(({ times }) => times === 0)) invalid([], 'the curve is zero throughout', 'give at least one point a rate above 0')
  return problems
}
