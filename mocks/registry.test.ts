import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { FINANCE_SYSTEMS } from '../contracts/reference/finance-systems.ts'
import { PARTNERS } from '../contracts/reference/partners.ts'
import { BANK_ROUTES } from './banks/routes.ts'
import { CALL_CENTRE_ROUTES } from './call-centre/routes.ts'
import { CIVIL_STATUS_ROUTES } from './civil-status/routes.ts'
import { DOSSIER_SYSTEM_ROUTES } from './dossier-system/routes.ts'
import { EXCHANGE_NODE_ROUTES } from './exchange-node/routes.ts'
import { LAND_ROUTES } from './land/routes.ts'
import { POST_ROUTES } from './post/routes.ts'
import { SIMULATORS, makerOf } from './registry.ts'
import type { Route } from './server/route.ts'
import { SMS_ROUTES } from './sms/routes.ts'
import { TAX_ROUTES } from './tax/routes.ts'
import { VNEID_ROUTES } from './vneid/routes.ts'

const ALL_ROUTES: Record<string, readonly Pick<Route<never>, 'name' | 'method' | 'path' | 'request' | 'answers'>[]> = {
  vneid: VNEID_ROUTES, banks: BANK_ROUTES, sms: SMS_ROUTES, partners: DOSSIER_SYSTEM_ROUTES, 'call centre': CALL_CENTRE_ROUTES, 'civil status': CIVIL_STATUS_ROUTES, 'exchange node': EXCHANGE_NODE_ROUTES, land: LAND_ROUTES, post: POST_ROUTES, tax: TAX_ROUTES,
}

describe('the registry', () => {
  it('has VNeID, every bank, every SMS gateway, every partner of the reference data, Finance\'s systems and the specialised ones once', () => {
    expect([...SIMULATORS.keys()].toSorted()).toEqual(['vneid', 'bank-vcb', 'bank-bidv', 'bank-vnpay', 'bank-treasury', 'sms', 'sms-second', 'call-centre', 'civil-status', 'exchange-node', 'land', 'post', 'tax', ...[...PARTNERS, ...FINANCE_SYSTEMS].map(({ id }) => `partner-${id}`)].toSorted())
  })

  it('names what there is when asked for another', () => {
    expect(() => makerOf('bank-acb')).toThrow(/^SIMULATOR_UNKNOWN: no simulator "bank-acb" · hosts · use one of: vneid, bank-vcb/)
  })
})

describe.each(Object.entries(ALL_ROUTES))('the routes of %s', (_partner, routes) => {
  it('are told apart by name and by method and path', () => {
    expect(new Set(routes.map(({ name }) => name)).size).toBe(routes.length)
    expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).toBe(routes.length)
  })

  it('have schemas that can be written as JSON Schema', () => {
    for (const { name, request, answers } of routes) {
      const written = [request, ...Object.values(answers).filter((schema) => schema !== null)].map((schema) => z.toJSONSchema(schema, { io: 'input' }))
      expect({ name, types: written.map(({ type }) => type) }).toEqual({ name, types: written.map(() => 'object') })
    }
  })
})
