import { expect, test } from 'vitest'
import { printClock, printDuration, printFigure, printIso, printMoment, printNumber, printShare } from './print-values.ts'

const at = (iso: string) => Date.parse(iso)

test.each([
  [28_469, '28.469', '28,469'], [0, '0', '0'], [999, '999', '999'], [1_449_532_600, '1.449.532.600', '1,449,532,600'], [-1_234, '−1.234', '−1,234'], [12.345, '12,35', '12.35'],
])('%d', (value, vi, en) => {
  expect(printFigure(value, 'vi')).toBe(vi)
  expect(printFigure(value, 'en')).toBe(en)
})

test('what is no number prints no digits', () => { expect(printNumber(Number.NaN, 'vi')).toBe('–') })

test('a share is rounded down: only the whole is 100 %', () => {
  expect(printShare(9_999, 10_000, 'vi')).toBe('99,9 %')
  expect(printShare(10_000, 10_000, 'en')).toBe('100.0 %')
  expect(printShare(0, 0, 'en')).toBe('–')
})

test('times are Hanoi times; the day is named past midnight', () => {
  const base = at('2026-04-10T21:00:00+07:00')
  expect(printClock(at('2026-04-10T23:15:00+07:00'), base)).toBe('23:15')
  expect(printClock(at('2026-04-11T02:28:59+07:00'), base)).toBe('02:28 (11/4)')
  expect(printMoment(base)).toBe('21:00:00 10/4/2026')
  expect(printIso('2026-04-11T02:28:59+07:00')).toBe('02:28:59 11/4/2026')
  expect(printIso('soon')).toBe('soon')
})

test.each([[450, '450 ms', '450 ms'], [2_143, '2,1 s', '2.1 s'], [90_000, '2 phút', '2 min'], [7_500_000, '2 giờ 05', '2 h 05']])('a duration of %d ms', (ms, vi, en) => {
  expect(printDuration(ms, 'vi')).toBe(vi)
  expect(printDuration(ms, 'en')).toBe(en)
})
