/**
 * Every party that the portal works with, by its system id in a target, with the role whose contract it keeps (`contracts/partner-api/roles/`): the fifty
 * of the documented night first, then Finance's own systems, VNeID, banks and Treasury, SMS gateways, specialised systems, post, call centre, exchange nodes.
 */
import { roleOf } from '../partner-api/roles/index.ts'
import type { Text } from '../text.ts'
import { BANKS, type BankKind } from './banks.ts'
import { FINANCE_SYSTEMS } from './finance-systems.ts'
import { PARTNERS, type Partner } from './partners.ts'
import { readinessOf, type Readiness } from './readiness.ts'
import { SMS_GATEWAYS } from './sms-gateways.ts'

export type SystemKind = Partner['kind'] | BankKind | 'identity' | 'sms-gateway' | 'specialised' | 'post' | 'call-centre' | 'exchange-node'

export type PartnerSystem = {
  id: string
  kind: SystemKind
  /** Null where it is no receiving unit of dossiers. */
  unitCode: string | null
  region: string | null
  title: Text
  /** In targets, addresses and evidence. */
  system: string
  contract: { role: string; version: string; /** Its OpenAPI document, from the root of the project. */ openapi: string }
  /** The ministry that it is a system of. */
  within?: string
  readiness?: Readiness
}

const OF_ONE: readonly [role: string, kind: SystemKind][] = [
  ['civil-status', 'specialised'], ['land', 'specialised'], ['tax', 'specialised'], ['post', 'post'], ['call-centre', 'call-centre'], ['exchange-node', 'exchange-node'],
]

export const SYSTEMS: readonly PartnerSystem[] = [
  ...PARTNERS.map((partner) => dossierSystem(partner)),
  ...FINANCE_SYSTEMS.map((partner) => ({ ...dossierSystem(partner), within: partner.within })),
  alone('vneid', 'identity'),
  ...BANKS.map(({ id, kind, title }) => ({ id, kind, unitCode: null, region: null, title, system: id, contract: contractOf('bank') })),
  ...SMS_GATEWAYS.map(({ id, title }) => ({ id, kind: 'sms-gateway' as const, unitCode: null, region: null, title, system: id, contract: contractOf('sms') })),
  ...OF_ONE.map(([role, kind]) => alone(role, kind)),
]

function dossierSystem({ id, kind, unitCode, region, title }: Partner): PartnerSystem {
  const readiness = readinessOf(id)
  return { id, kind, unitCode, region, title, system: `partner-${id}`, contract: contractOf('dossier-system'), ...(readiness && { readiness }) }
}

/** The only one of its role. */
function alone(role: string, kind: SystemKind): PartnerSystem {
  return { id: role, kind, unitCode: null, region: null, title: roleOf(role)!.title, system: role, contract: contractOf(role) }
}

function contractOf(role: string): PartnerSystem['contract'] {
  return { role, version: roleOf(role)!.version, openapi: `contracts/openapi/${role}.json` }
}
