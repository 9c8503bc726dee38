/** What each service and the simulators of a run are told. Keys and the client's secret are drawn anew for each run. */
import { randomBytes } from 'node:crypto'
import type { ServiceConfig, SimulatorsConfig } from '../contracts/process.ts'
import { PARTNERS } from '../contracts/reference/partners.ts'
import { httpUrl, PORTAL_HOST, PORTS, SIMULATOR_IDS, type Places, type ServiceId } from './parts.ts'

const CLIENT_ID = 'dvcqg-portal'
/** Signs staff sessions: known to the services, not to the simulated partners. */
const STAFF_KEY = 'staff'

export type RunSettings = { seed: number; timeScale: number; scenarioStartMs: number; legacyDossiers: number }
export type Secrets = { keys: Record<string, string>; clientSecret: string; databasePassword: string }

export function drawSecrets(): Secrets {
  const secret = () => randomBytes(32).toString('hex')
  const keys: Record<string, string> = {}
  // A partner signs with its own id (`x-partner: justice`), banks and gateways with their system's.
  for (const id of SIMULATOR_IDS) keys[id] = secret()
  for (const { id } of PARTNERS) keys[id] = keys[`partner-${id}`]!
  keys[STAFF_KEY] = secret()
  return { keys, clientSecret: secret(), databasePassword: secret() }
}

/** `places`: as this service sees the others, and they it. */
export function serviceConfig(id: ServiceId, { listen, places, databaseUrl, secrets, settings }: {
  listen: string; places: Places; databaseUrl: string | null; secrets: Secrets; settings: RunSettings
}): ServiceConfig {
  const { seed, timeScale, scenarioStartMs, legacyDossiers } = settings
  return {
    id, host: listen, port: PORTS.http, adminPort: PORTS.admin, databaseUrl,
    urls: Object.fromEntries(Object.entries({ ...places.services, ...places.edges, ...places.simulators }).map(([system, host]) => [system, httpUrl(host)])),
    portalHost: PORTAL_HOST, keys: secrets.keys, vneidClient: { clientId: CLIENT_ID, clientSecret: secrets.clientSecret },
    seed, legacyDossiers, timeScale, scenarioStartMs,
  }
}

/** `sync`: where partners push to, and what authority they trust there; without it, in the clear. */
export function simulatorsConfig(
  { simulators, edges }: Pick<Places, 'simulators' | 'edges'>, secrets: Secrets, { seed, timeScale, scenarioStartMs }: RunSettings,
  sync: Pick<SimulatorsConfig, 'portalSyncUrl' | 'certificateAuthority'> = { portalSyncUrl: httpUrl(edges['edge-new']) },
): SimulatorsConfig {
  const { [STAFF_KEY]: _, ...keys } = secrets.keys
  return {
    hosts: { ...simulators }, port: PORTS.http, adminPort: PORTS.admin, ...sync, keys,
    vneidClient: { clientId: CLIENT_ID, clientSecret: secrets.clientSecret, redirectUris: [`http://${PORTAL_HOST}/auth/callback`, `http://${PORTAL_HOST}:${PORTS.http}/auth/callback`] },
    seed, timeScale, scenarioStartMs,
  }
}
