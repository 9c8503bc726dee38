import { expect, test } from 'vitest'
import { wireFloorS, wireTtlS } from './dns-wire-ttl.ts'

test.each([
  { nominal: 1_800, timeScale: 140, wire: 5 }, { nominal: 60, timeScale: 140, wire: 1 }, { nominal: 300, timeScale: 140, wire: 2 }, { nominal: 60, timeScale: 1, wire: 5 },
  { nominal: 3, timeScale: 1, wire: 3 }, { nominal: 0, timeScale: 1, wire: 1 }, { nominal: 1_800, timeScale: 5_000, wire: 1 },
])('$nominal s at × $timeScale goes out as $wire s', ({ nominal, timeScale, wire }) => { expect(wireTtlS(nominal, timeScale)).toBe(wire) })

test.each([{ nominal: 300, timeScale: 140, wire: 2 }, { nominal: 300, timeScale: 200, wire: 1 }, { nominal: 300, timeScale: 1, wire: 5 }, { nominal: 0, timeScale: 140, wire: 0 }])('a floor of $nominal s at × $timeScale is $wire s', ({ nominal, timeScale, wire }) => {
  expect(wireFloorS(nominal, timeScale)).toBe(wire)
})
