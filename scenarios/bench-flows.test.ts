/** The bench's arithmetic: what it says of the flows must not come of a machine that was busy in some rounds. */
import { describe, expect, it } from 'vitest'
import type { Round } from '../contracts/in-turn.ts'
import { flowsFiguresOf } from './bench-flows.ts'

const rounds = (cost: Round) => [1, 1, 2, 1, 3, 1].map((slow): Round => Object.fromEntries(Object.entries(cost).map(([name, ms]) => [name, ms * slow])))

describe('what the flows cost', () => {
  it('is told by the rounds, however busy the machine was in some of them', () => {
    expect(flowsFiguresOf(rounds({ flows: 400, bare: 300, bareAgain: 300, asSet: 280 }))).toEqual({
      cpuMsPer1000Flows: 400, cpuMsPer1000Bare: 300, cpuMsPer1000BareAsSet: 280, ratio: 0.75, ratioAsSet: 0.7, noise: 1, ratios: [0.75, 0.75, 0.75, 0.75, 0.75, 0.75],
    })
  })
  it('is worth no more than what the same thing differs by from itself', () => {
    expect(flowsFiguresOf(rounds({ flows: 400, bare: 270, bareAgain: 330, asSet: 280 }))).toMatchObject({ ratio: 0.75, noise: 1.222 })
  })
})
