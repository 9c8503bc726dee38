/** The fixture where none is given: fits the partners of `tongduyet mocks`, which an address such as http://127.0.0.1:8800/partner-ha-noi names by itself. */
import { Fixture } from '../../conform/fixture.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { SMS_GATEWAYS, type SmsTemplate } from '../../contracts/reference/sms-gateways.ts'
import { PROCEDURES } from '../../contracts/reference/procedures.ts'
import { developmentKey } from '../mocks/listing.ts'

/** `overrides`: what options of the command line say. */
export function defaultFixture(role: string, url: string, overrides: Record<string, unknown>): Fixture {
  const segment = new URL(url).pathname.split('/').findLast((part) => part !== '') ?? ''
  const dossierSystem = PARTNERS.find(({ id }) => `partner-${id}` === segment) ?? (role === 'ministry' ? PARTNERS.find(({ id }) => id === 'justice') : undefined)
  const gateway = SMS_GATEWAYS.find(({ id }) => id === segment)
  const key = { value: developmentKey(segment === '' ? role : segment) }
  return Fixture.parse({
    keys: { system: key, caller: key, specialised: { value: developmentKey('civil-status') } },
    ...(/^[a-z][a-z0-9-]*$/.test(segment) && { partner: segment }),
    ...(dossierSystem && { unit: unitOf(dossierSystem) }),
    ...(segment === 'bank-treasury' && { account: { number: '9990001234', name: 'Kho bạc thử nghiệm', budget: { chapter: '018', subItem: '2716', budgetUnit: '9900001' } } }),
    ...(gateway?.templatesDemanded && { message: textOf(gateway.templates[0]!) }),
    ...(role === 'vneid' && { client: { id: 'portal', secret: { value: 'dev-secret-portal' }, redirectUri: 'http://portal.test/auth/callback' } }),
    ...(role === 'portal' && { login: 'issuer' }),
    ...overrides,
  })
}

export function unitOf({ id, kind, unitCode }: (typeof PARTNERS)[number]): Fixture['unit'] {
  const procedures = PROCEDURES.filter(({ handledBy, ministry, redirected }) => !redirected && (kind === 'province' ? handledBy === 'province' : ministry === id)).map(({ code }) => code)
  return { unitCode, partnerId: id, provinceId: kind === 'province' ? id : 'ha-noi', procedures: procedures.length > 0 ? procedures : [PROCEDURES[0]!.code] }
}

/** What a template makes of short values. */
function textOf({ text, brandname, parameters }: SmsTemplate): NonNullable<Fixture['message']> {
  return { brandname, text: text.replace(/\{(\w+)\}/g, (_, name: string) => '260410'.slice(0, parameters[name])) }
}
