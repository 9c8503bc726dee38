/**
 * How many dossiers a wall second: from the basis (facts section 3, three of them, never mixed) through the day and its peak hour to the curve of the
 * profile. Rates are those of the country's own clock: a load feels what the country's machines would feel, the time scale only shortens waits.
 */
import { clockOffsetMs } from '../../contracts/duration.ts'
import type { Profile } from '../../contracts/profile.ts'
import { areaOfStages, type Stage } from '../arrival.ts'
import { figureOf, type PublishedFigures } from './figures.ts'
import { same, texts, type DerivationLine } from './lines.ts'

export type Volume = NonNullable<Profile['volume']>
export type Window = { start: string; end: string }

const PUBLIC_SECURITY = 'public-security'
export const DOSSIERS = { vi: 'hồ sơ', en: 'dossiers' } as const
const A_DAY = { vi: 'hồ sơ/ngày', en: 'dossiers a day' } as const
export const A_SECOND = { vi: 'hồ sơ/giây', en: 'dossiers a second' } as const

/** Dossiers a day of the basis, before the multiplier. */
export function dossiersPerDay({ basis, publicSecurityShare }: Pick<Volume, 'basis' | 'publicSecurityShare'>, figures: PublishedFigures): number {
  if (basis === 'observed') return figureOf(figures, 'observed-dossiers').value
  const days = figureOf(figures, 'days-of-ministries').value
  const { [PUBLIC_SECURITY]: publicSecurity = 0, ...others } = figures.ministries.dossiers
  const central = Object.values(others).reduce((sum, count) => sum + count, 0)
  return (central + (basis === 'national' ? publicSecurity * publicSecurityShare : 0)) / days
}

export function peakDossiersPerSecond(volume: Volume, figures: PublishedFigures): number {
  return dossiersPerDay(volume, figures) * volume.peakHourShare / 3_600 * volume.multiplier
}

/** The curve in wall time: dossiers a second, from its first point. */
export function curveStages(curve: Volume['curve'], { start }: Window, timeScale: number, basePerSecond: number): { startMs: number; stages: Stage[] } {
  const points = curve.map(({ at, times }) => ({ atMs: Math.round(clockOffsetMs(start, at) / timeScale), rate: times * basePerSecond }))
  const stages = points.slice(1).map((point, index) => ({ durationMs: point.atMs - points[index]!.atMs, fromPerSecond: points[index]!.rate, toPerSecond: point.rate }))
  return { startMs: points[0]!.atMs, stages: stages.filter(({ durationMs }) => durationMs > 0) }
}

/** Peak hours that lie under the curve: its integral over the scenario's hours. */
export function peakHoursUnder(curve: Volume['curve'], start: string): number {
  return areaOfStages(curveStages(curve, { start, end: start }, 1, 1).stages) / 3_600
}

/** Scenario hours between the curve's first and last point. */
export function hoursOf(curve: Volume['curve'], start: string): number {
  return (clockOffsetMs(start, curve.at(-1)!.at) - clockOffsetMs(start, curve[0]!.at)) / 3_600_000
}

export function volumeLines(volume: Volume, figures: PublishedFigures, dossiers: number): DerivationLine[] {
  const { basis, publicSecurityShare, multiplier, peakHourShare } = volume
  const { [PUBLIC_SECURITY]: publicSecurity = 0, ...others } = figures.ministries.dossiers
  const central = Object.values(others).reduce((sum, count) => sum + count, 0)
  const days = figureOf(figures, 'days-of-ministries').value
  const perDay = dossiersPerDay(volume, figures)
  const computed = { computed: true } as const
  const ofBasis: Record<Volume['basis'], DerivationLine[]> = {
    observed: [{ what: figureOf(figures, 'observed-dossiers').title, value: perDay, unit: A_DAY, how: { vi: '20 giờ, tính là một ngày', en: '20 hours, taken for a day' }, basis: { source: figureOf(figures, 'observed-dossiers').source } }],
    central: [],
    national: [
      { what: { vi: 'Hồ sơ của Bộ Công an trong 90 ngày', en: 'Dossiers of Public Security in 90 days' }, value: publicSecurity, unit: DOSSIERS, how: same('–'), basis: { source: figures.ministries.source } },
      { what: { vi: 'Phần của Bộ Công an đi qua cổng', en: 'Share of Public Security that crosses the portal' }, value: publicSecurityShare, unit: { vi: 'tỷ lệ', en: 'share' }, how: { vi: 'tham số publicSecurityShare', en: 'parameter publicSecurityShare' }, basis: { assumption: { vi: 'Cận trên: không văn bản nào nói toàn bộ khối lượng của Bộ Công an đi qua cổng', en: 'An upper bound: no document says that all of Public Security\'s volume crosses the portal' } } },
    ],
  }
  return [
    ...(basis === 'observed' ? [] : [{ what: { vi: 'Hồ sơ của các bộ khác trong 90 ngày', en: 'Dossiers of the other ministries in 90 days' }, value: central, unit: DOSSIERS, how: { vi: `tổng của ${Object.keys(others).length} bộ`, en: `sum of ${Object.keys(others).length} ministries` }, basis: { source: figures.ministries.source } }]),
    ...ofBasis[basis],
    ...(basis === 'observed' ? [] : [{ what: { vi: 'Hồ sơ một ngày', en: 'Dossiers a day' }, value: perDay, unit: A_DAY, how: texts((n) => `(${n(central)}${basis === 'national' ? ` + ${n(publicSecurity)} × ${n(publicSecurityShare)}` : ''}) / ${n(days)}`), basis: computed }]),
    { what: { vi: 'Phần của giờ cao điểm trong ngày', en: 'Share of the peak hour in a day' }, value: peakHourShare, unit: { vi: 'tỷ lệ', en: 'share' }, how: { vi: 'tham số peakHourShare', en: 'parameter peakHourShare' }, basis: { assumption: { vi: 'Không văn bản nào nêu; chỉ nêu hai khung giờ 09–10h và 14–15h (000)', en: 'No document gives it; only the hours 09-10h and 14-15h are named (000)' } } },
    { what: { vi: 'Bội số', en: 'Multiplier' }, value: multiplier, unit: { vi: 'lần', en: 'times' }, how: { vi: 'tham số multiplier', en: 'parameter multiplier' }, basis: { assumption: { vi: 'Do người diễn tập chọn', en: 'Chosen by whoever rehearses' } } },
    { what: { vi: 'Tốc độ hồ sơ tại mức 1 của đường cong', en: 'Rate of dossiers where the curve is 1' }, value: peakDossiersPerSecond(volume, figures), unit: A_SECOND, how: texts((n) => `${n(perDay)} × ${n(peakHourShare)} / ${n(3_600)} × ${n(multiplier)}`), basis: computed },
    { what: { vi: 'Hồ sơ trong cả lượt chạy', en: 'Dossiers in this run' }, value: dossiers, unit: DOSSIERS, how: { vi: 'diện tích dưới đường cong, giây đồng hồ thật', en: 'area under the curve, seconds of wall clock' }, basis: computed },
  ]
}
