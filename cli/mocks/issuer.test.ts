/** `tongduyet mocks` with another issuer: a contract profile says what VNeID is like, and everything shown about it says the same. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { run } from '../run.ts'
import { testWorld } from '../testing/world.ts'
import { serveMocks, type ServedMocks } from './testing/served.ts'

let directory: string
let served: ServedMocks
const told: string[] = []
const client = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (piece: string) => { body += piece }).on('end', () => { told.push(body); response.end() })
})

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'issuer-'))
  client.listen(0, '127.0.0.1')
  await once(client, 'listening')
  const issuer = parse(readFileSync(new URL('../../contracts/contract-profiles/issuers/other.yaml', import.meta.url), 'utf8')) as object
  const named = { version: 1, name: 'a-guide', title: { vi: 'a', en: 'a' }, source: { vi: 'a', en: 'a' } }
  // A quicker key than the profile's.
  writeFileSync(join(directory, 'guide.yaml'), stringify({ ...named, roles: {}, issuer: { ...issuer, keys: { algorithm: 'ES256' } } }))
  writeFileSync(join(directory, 'twice.yaml'), stringify({ ...named, roles: { vneid: {} }, issuer }))
  served = await serveMocks('--partners', 'vneid', '--contract-profile', join(directory, 'guide.yaml'), '--logout-uri', `http://127.0.0.1:${(client.address() as AddressInfo).port}/logout`)
})
afterAll(async () => {
  expect(await served.end()).toBe(0)
  client.close()
  rmSync(directory, { recursive: true, force: true })
})

it('serves it where the profile says, and shows it so', async () => {
  const issuer = `${served.at('vneid')}/realms/cong-dan`
  expect((await served.get(`${issuer}/.well-known/openid-configuration`)).body).toMatchObject({ issuer, token_endpoint: `${issuer}/protocol/token`, acr_values_supported: ['loa1', 'loa2'] })
  expect((await served.get('/')).body).toContain(issuer)
  const document = (await served.get('/openapi/vneid.json')).body as { paths: Record<string, unknown> }
  expect(Object.keys(document.paths)).toContain('/realms/cong-dan/protocol/token')
  expect(JSON.stringify(document)).toContain('soDinhDanh')
})

it('logs in through the page of the address for vendors, and tells the client when the session ends', async () => {
  const issuer = `${served.at('vneid')}/realms/cong-dan`
  const { clientId, clientSecret, redirectUris } = served.described.vneidClient
  const query = new URLSearchParams({ response_type: 'code', client_id: clientId, redirect_uri: redirectUris[0]!, scope: 'openid level', state: 's' })
  const page = await fetch(`${issuer}/protocol/auth?${query}`, { headers: { accept: 'text/html' } })
  const text = await page.text()
  const form = new URLSearchParams({ request: /name="request" value="([^"]+)"/.exec(text)![1]!, personId: '999000000012', passcode: '000012' })
  const entered = await fetch(/action="([^"]+)"/.exec(text)![1]!, { method: 'POST', body: form, redirect: 'manual' })
  expect(entered.headers.get('set-cookie')).toContain('; Path=/vneid/realms/cong-dan;')
  const code = new URL(entered.headers.get('location')!).searchParams.get('code')!
  const tokens = await fetch(`${issuer}/protocol/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUris[0]! }), headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
  })
  const { access_token: accessToken } = await tokens.json() as { access_token: string }
  const userinfo = async () => fetch(`${issuer}/protocol/thong-tin`, { headers: { authorization: `Bearer ${accessToken}` } })
  expect(await (await userinfo()).json()).toMatchObject({ acr: 'loa2', mucDoDinhDanh: 'LOA2' })
  const heard = once(client, 'request')
  expect((await served.post('/_mocks/control?partner=vneid', { action: 'sessions.end', personId: '999000000012' })).status).toBe(200)
  await heard
  while (told.length === 0) await new Promise(setImmediate)
  expect(told[0]).toMatch(/^logout_token=[\w.-]+$/)
  expect((await userinfo()).status).toBe(401)
})

it('refuses a profile that describes VNeID twice, and an address that is none', async () => {
  const world = testWorld()
  expect(await run(['mocks', '--contract-profile', join(directory, 'twice.yaml')], world)).toBe(254)
  expect(world.err()).toContain('CONTRACT_PROFILE_AMBIGUOUS: the role "vneid" is described twice')
  const other = testWorld()
  expect(await run(['mocks', '--logout-uri', 'nowhere'], other)).toBe(254)
  expect(other.err()).toContain('--logout-uri')
})
