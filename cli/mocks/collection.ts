/**
 * The ready requests as an importable collection (Postman Collection v2.1, which Bruno, Insomnia and Hoppscotch read too): a folder for each role, a request
 * for each example. Which partner of a role is asked stands in a variable; signatures are computed when a request is sent.
 */
import type { SignatureScheme } from '../../contracts/partner-api/contract-profile.ts'
import type { RoleWire } from '../../contracts/partner-api/wire.ts'
import type { Language } from '../../contracts/text.ts'
import { readyRequests, type ReadyRequest } from './examples.ts'
import type { Listed } from './listing.ts'

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'

export type Collection = ReturnType<typeof collectionOf>

export function collectionOf(partners: readonly { listed: Listed; wire: RoleWire }[], { baseUrl, inboxUrl, nowMs, language }: { baseUrl: string; inboxUrl: string; nowMs: number; language: Language }) {
  return {
    info: { name: 'tongduyet mocks', schema: SCHEMA, description: language === 'vi' ? 'Các đối tác mô phỏng, dùng khi phát triển.' : 'Simulated partners, for development.' },
    variable: [
      { key: 'baseUrl', value: baseUrl },
      ...partners.flatMap(({ listed, wire }) => [{ key: wire.role.id, value: listed.id }, { key: `${wire.role.id}-key`, value: listed.key }]),
    ],
    item: partners.map(({ listed, wire }) => ({
      name: wire.role.title[language], description: wire.role.description[language],
      item: readyRequests(listed, wire, { inboxUrl, nowMs }).map((ready) => itemOf(ready, wire, language)),
    })),
  }
}

function itemOf(ready: ReadyRequest, { role, signature }: RoleWire, language: Language) {
  const { operation, example, method, path, headers, body, status } = ready
  const [pathname, query] = path.split('?') as [string, string?]
  const given = example.given ? `\n\n${language === 'vi' ? 'Cần có trước' : 'Given'}: ${example.given[language]}` : ''
  const signed = operation.signed === true
  const own = Object.entries(headers).filter(([name]) => !signed || (name !== signature.header && name !== signature.timestampHeader))
  return {
    name: `${operation.name}: ${example.title[language]}`,
    ...(signed && { event: [{ listen: 'prerequest', script: { type: 'text/javascript', exec: signingScript(signature, `${role.id}-key`) } }] }),
    request: {
      method, description: `${operation.summary[language]} → ${status}${given}`,
      header: own.map(([key, value]) => ({ key, value })),
      url: {
        raw: `{{baseUrl}}/{{${role.id}}}${path}`, host: ['{{baseUrl}}'], path: [`{{${role.id}}}`, ...pathname.split('/').filter((segment) => segment !== '')],
        ...(query !== undefined && { query: [...new URLSearchParams(query)].map(([key, value]) => ({ key, value })) }),
      },
      ...(body !== '' && { body: { mode: 'raw', raw: body } }),
    },
    response: [],
  }
}

/** CryptoJS is part of the collection's runtime. */
function signingScript({ algorithm, encoding, header, prefix, over, timestampHeader }: SignatureScheme, keyVariable: string): string[] {
  const timed = over === 'timestamp.body'
  return [
    'const body = pm.request.body ? pm.request.body.raw : ""',
    ...(timed ? ['const timestamp = String(Math.floor(Date.now() / 1000))', `pm.request.headers.upsert({ key: ${JSON.stringify(timestampHeader)}, value: timestamp })`] : []),
    `const digest = CryptoJS.${algorithm === 'hmac-sha512' ? 'HmacSHA512' : 'HmacSHA256'}(${timed ? 'timestamp + "." + body' : 'body'}, pm.variables.get(${JSON.stringify(keyVariable)}))`,
    `pm.request.headers.upsert({ key: ${JSON.stringify(header)}, value: ${JSON.stringify(prefix)} + digest.toString(${encoding === 'base64' ? 'CryptoJS.enc.Base64' : 'CryptoJS.enc.Hex'}) })`,
  ]
}
