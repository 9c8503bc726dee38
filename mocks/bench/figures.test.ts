/** The bench's arithmetic: what it says of routes must come of routes, not of order or of a machine that was busy for a while. */
import { describe, expect, it } from 'vitest'
import type { Round } from '../../contracts/in-turn.ts'
import { figuresOf } from './index.ts'

const NAMES = ['ours-1-a', 'ours-10-a', 'ours-100-a', 'ours-1000-a', 'ours-1-b', 'ours-10-b', 'ours-100-b', 'ours-1000-b'] as const
/** Rounds of a machine that is half as fast in some of them. */
const rounds = (cost: (name: string, round: number) => number) => Array.from({ length: 20 }, (_, round): Round => {
  const slow = round % 7 === 3 ? 2 : 1
  return Object.fromEntries(['raw', 'ours-60', 'wiremock-60', ...NAMES].map((name) => [name, slow * (name === 'raw' ? 20 : name === 'wiremock-60' ? 300 : cost(name, round))]))
})

describe('the figures', () => {
  it('are flat where the cost is, however busy the machine was in some rounds', () => {
    expect(figuresOf(rounds(() => 30))).toEqual({ oursToRaw: 1.5, routesSpread: 1, routesGrowth: 1, noiseSpread: 1, wireMockToOurs: 10 })
  })
  it('say so where the cost grows with the routes', () => {
    expect(figuresOf(rounds((name) => name.startsWith('ours-1000') ? 36 : 30))).toMatchObject({ routesSpread: 1.2, routesGrowth: 1.2, noiseSpread: 1 })
  })
  it('show a few routes that cost more than many as spread, not as growth', () => {
    expect(figuresOf(rounds((name) => name.startsWith('ours-10-') ? 36 : 30))).toMatchObject({ routesSpread: 1.2, routesGrowth: 1 })
  })
  it('show as noise what the same routes differ by', () => {
    expect(figuresOf(rounds((name) => name === 'ours-100-b' ? 33 : 30))).toMatchObject({ noiseSpread: 1.1, routesSpread: 1.05 })
  })
  it('do without WireMock', () => {
    expect(figuresOf(rounds(() => 30).map(({ 'wiremock-60': _, ...rest }): Round => rest))).toMatchObject({ wireMockToOurs: null })
  })
})
