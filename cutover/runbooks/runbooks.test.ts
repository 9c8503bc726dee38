/** The runbooks that the product brings: valid by schema and by registries, every step with owner, criteria, watch, timeout and fallback. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { isGate, Runbook } from '../../contracts/runbook.ts'
import { checkRunbook } from '../check-runbook.ts'

const read = (name: string) => Runbook.parse(parse(readFileSync(new URL(`./${name}.yaml`, import.meta.url), 'utf8')))
const ACTIONS_OF_THE_NIGHT = [
  'dns.ttl', 'wait', 'steady.hold', 'legacy.freeze', 'migration.bulk', 'migration.delta', 'migration.verify', 'catalogue.publish', 'portal.open', 'waf.tune',
  'dns.switch', 'dns.watch', 'partners.connect', 'partners.connect', 'partners.connect', 'gate', 'night.close',
]
const actionsOf = (runbook: Runbook) => runbook.steps.map((entry) => isGate(entry) ? 'gate' : Object.keys(entry.do)[0])

describe.each(['night-2026-04-10', 'night-2026-04-10-as-it-was'])('%s', (name) => {
  it('has no problem that the check knows', () => {
    expect(checkRunbook(read(name))).toEqual([])
  })
  it('says where it comes from and what is assumed', () => {
    const runbook = read(name)
    expect(runbook.name).toBe(name)
    expect(runbook.sources.join(' ')).toContain('28,469')
    expect(runbook.assumptions.length).toBeGreaterThanOrEqual(4)
  })
})

it('the night walks the documented order of steps', () => {
  expect(actionsOf(read('night-2026-04-10'))).toEqual(ACTIONS_OF_THE_NIGHT)
})

it('as it was: the nine documented units are unfinished and disconnected, the gate is only recorded', () => {
  const runbook = read('night-2026-04-10-as-it-was')
  const units = ['agriculture-environment', 'ca-mau', 'education-training', 'evn', 'foreign-affairs', 'health', 'home-affairs', 'industry-trade', 'science-technology']
  expect(runbook.unfinished.map((entry) => entry.partner).toSorted()).toEqual(units)
  const disconnect = runbook.steps.find((entry) => !isGate(entry) && 'partners.disconnect' in entry.do)
  expect((disconnect as { do: Record<string, { partners: string[] }> }).do['partners.disconnect']!.partners.toSorted()).toEqual(units)
  expect(runbook.steps.find(isGate)!.onNo).toBe('record')
  expect(actionsOf(runbook).filter((action) => action !== 'partners.disconnect')).toEqual(ACTIONS_OF_THE_NIGHT)
})

it('a load walks no step of a cutover: publish, open, connect, hold', () => {
  const runbook = read('load')
  expect(checkRunbook(runbook)).toEqual([])
  expect(actionsOf(runbook)).toEqual(['catalogue.publish', 'portal.open', 'partners.connect', 'load.hold'])
  expect(runbook.assumptions.length).toBeGreaterThan(0)
})
