/** Every partner that can be simulated, by its system id: what starts one, given the run's configuration and the shared world. */
import { InputError } from '../contracts/error.ts'
import { DEFAULT_ISSUER } from '../contracts/partner-api/issuer-profile.ts'
import type { SimulatorsConfig } from '../contracts/process.ts'
import { FINANCE_SYSTEMS } from '../contracts/reference/finance-systems.ts'
import type { Partner } from '../contracts/reference/partners.ts'
import { BANKS, bankSimulator } from './banks/simulator.ts'
import { callCentreSimulator } from './call-centre/simulator.ts'
import { civilStatusSimulator } from './civil-status/simulator.ts'
import { dossierSystemSimulator } from './dossier-system/simulator.ts'
import { exchangeNodeSimulator } from './exchange-node/simulator.ts'
import { landSimulator } from './land/simulator.ts'
import { MINISTRIES } from './ministries/partners.ts'
import { postSimulator } from './post/simulator.ts'
import { PROVINCES } from './provinces/partners.ts'
import type { Simulator } from './simulator.ts'
import { SMS_GATEWAYS, smsSimulator } from './sms/simulator.ts'
import { taxSimulator } from './tax/simulator.ts'
import { makeSigningKey } from './vneid/keys.ts'
import { vneidSimulator } from './vneid/simulator.ts'
import type { World } from './world.ts'

type Make = (config: SimulatorsConfig, world: World, host: string) => Simulator | Promise<Simulator>

export const SIMULATORS: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['vneid', vneid],
  ...BANKS.map((row): [string, Make] => [row.id, (_config, world) => bankSimulator({ world, row })]),
  ...SMS_GATEWAYS.map((row): [string, Make] => [row.id, (_config, world) => smsSimulator({ world, row })]),
  ...[...MINISTRIES, ...PROVINCES, ...FINANCE_SYSTEMS].map((partner): [string, Make] => [`partner-${partner.id}`, dossierSystemOf(partner)]),
  ['call-centre', (_config, world) => callCentreSimulator({ world })],
  ['civil-status', (_config, world) => civilStatusSimulator({ world })],
  ['exchange-node', (config, world) => exchangeNodeSimulator({ world, addresses: config.exchangeAddresses })],
  ['land', (config, world, host) => landSimulator({ world, ownUrl: urlOf(config, 'land', host), taxUrl: config.hosts['tax'] === undefined ? undefined : urlOf(config, 'tax', config.hosts['tax']) })],
  ['post', (_config, world) => postSimulator({ world })],
  ['tax', (_config, world) => taxSimulator({ world })],
])

export function makerOf(systemId: string): Make {
  const make = SIMULATORS.get(systemId)
  if (!make) throw new InputError([{ code: 'SIMULATOR_UNKNOWN', what: `no simulator "${systemId}"`, where: 'hosts', mend: `use one of: ${[...SIMULATORS.keys()].join(', ')}` }])
  return make
}

async function vneid(config: SimulatorsConfig, world: World, host: string): Promise<Simulator> {
  const profile = config.contractProfile?.issuer ?? DEFAULT_ISSUER
  return vneidSimulator({
    world, profile, issuer: urlOf(config, 'vneid', host),
    client: config.vneidClient, otherClients: config.otherVneidClients ?? [], key: await makeSigningKey(profile.keys.algorithm),
  })
}

function dossierSystemOf(partner: Partner): Make {
  const id = `partner-${partner.id}`
  return (config, world, host) => dossierSystemSimulator(id, {
    world, unitCode: partner.unitCode, readiness: config.readiness?.[id], pushAttachments: config.pushAttachments,
    push: { partnerId: partner.id, key: world.keyOf(id), portalSyncUrl: config.portalSyncUrl, authority: config.certificateAuthority, localAddress: config.baseUrl === undefined ? host : undefined },
  })
}

/** Where others reach it. */
function urlOf(config: SimulatorsConfig, id: string, host: string): string {
  return config.baseUrl === undefined ? `http://${host}:${config.port}` : `${config.baseUrl}/${id}`
}
