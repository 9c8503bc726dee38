/** Which partner runs in which container: all together but those that something is to be done to, and every one at its own address either way. */
import { expect, it } from 'vitest'
import { SimulatorsConfig } from '../../contracts/process.ts'
import { drawSecrets, simulatorsConfig } from '../configs.ts'
import { planAddresses } from './addresses.ts'
import { partnersSpecs } from './node-process.ts'
import { ZONES } from './spec.ts'

const plan = planAddresses((zone) => `10.0.${ZONES.indexOf(zone)}`)
const config = simulatorsConfig(plan.ofPartners(), drawSecrets(), { seed: 1, timeScale: 1, scenarioStartMs: 0, legacyDossiers: 0 })
const specsOf = (apart: string[]) => partnersSpecs(config, { entry: 'mocks/container-process.ts', plan, apart }).map((spec) => ({
  spec, hosts: SimulatorsConfig.parse(JSON.parse(spec.files.find(({ path }) => path.endsWith('config.json'))!.content)).hosts, own: spec.files.find(({ path }) => path.endsWith('addresses'))?.content ?? '',
}))

it('all partners share one container, which has the addresses of all', () => {
  const [together, ...others] = specsOf([])
  expect(others).toEqual([])
  expect(together).toMatchObject({ spec: { name: 'partners' }, hosts: config.hosts })
  for (const address of Object.values(config.hosts)) expect(together!.own).toContain(`address add ${address}/24`)
})

it('one that something is to be done to is alone at its address, and no part of the others', () => {
  const [bank, together] = specsOf(['bank-vcb'])
  const address = config.hosts['bank-vcb']!
  expect(bank).toMatchObject({ spec: { name: 'bank-vcb', zones: [{ zone: 'partners', address }] }, hosts: { 'bank-vcb': address } })
  expect(Object.keys(together!.hosts)).toHaveLength(Object.keys(config.hosts).length - 1)
  expect(together!.own).not.toContain(`${address}/24`)
})
