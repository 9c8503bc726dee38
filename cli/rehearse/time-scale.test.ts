import { expect, it } from 'vitest'
import { testWorld } from '../testing/world.ts'
import { resolveWish, type Wish } from './resolve.ts'

const scaleOf = (wish: Partial<Wish>) => resolveWish(testWorld(), { target: 'embedded', runbook: 'night-2026-04-10', profile: 'smoke', faults: [], seed: 1, ...wish }).timeScale

it.each<[string, Partial<Wish>, number]>([
  ['embedded, a night is as short as its profile says', {}, 1_100],
  ['in containers it takes a minute at least: TTLs are real seconds there', { target: 'containers' }, 400],
  ['one that is longer anyway stays', { target: 'containers', profile: 'night' }, 140],
  ['the operator\'s own is taken as it is', { target: 'containers', timeScale: 900 }, 900],
  ['a load alone waits for no TTL', { target: 'containers', runbook: 'load', profile: 'monday' }, scaleOf({ runbook: 'load', profile: 'monday' })],
])('%s', (_, wish, expected) => { expect(scaleOf(wish)).toBe(expected) })
