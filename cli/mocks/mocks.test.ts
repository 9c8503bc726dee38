/** `tongduyet mocks`, run whole in this process: what it serves, says and keeps, and how it refuses what it cannot do. */
import { execFile, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import { openApiOf } from '../../contracts/partner-api/openapi.ts'
import { MAGIC } from '../../contracts/partner-api/magic.ts'
import { ROLES } from '../../contracts/partner-api/roles/index.ts'
import { compileWires } from '../../contracts/partner-api/wire.ts'
import { exchangeRaw } from '../../mocks/testing/raw-exchange.ts'
import { run } from '../run.ts'
import { realWorld } from '../world.ts'
import { testWorld } from '../testing/world.ts'
import { curlOf, readyRequests, type ReadyRequest } from './examples.ts'
import { startHub } from './hub.ts'
import { partnerPage } from './partner-page.ts'
import { controls, startPage } from './start-page.ts'
import { serveMocks, type ServedMocks } from './testing/served.ts'

const shell = promisify(execFile)
const hasCurl = spawnSync('curl', ['--version']).status === 0
let directory: string
let served: ServedMocks
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mocks-'))
  served = await serveMocks()
})
afterAll(async () => {
  expect(await served.end()).toBe(0)
  rmSync(directory, { recursive: true, force: true })
})

const oneOfEachRole = () => [...Map.groupBy(served.described.partners, ({ role }) => role).values()].map(([first]) => first!)
const readyOf = (listed: { role: string; key: string }): ReadyRequest[] => readyRequests(listed, compileWires().get(listed.role)!, { inboxUrl: served.described.inbox, nowMs: Date.now() })
const pageText = (html: string) => html.replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, ' ').replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&')

describe('what never reaches a partner is refused in its form', () => {
  const guide = (role: string) => ({ refusal: { code: `${role}.ma`, message: `${role}.mo_ta` } })
  const wish = (partners: string[]) => ({
    partners, host: '127.0.0.1', port: 0, redirectUris: [], seed: 1, language: 'vi' as const, requestTimeoutMs: 150,
    profile: ContractProfile.parse({ version: 1, name: 'guide', title: { vi: 't', en: 't' }, source: { vi: 's', en: 's' }, roles: { sms: guide('tin'), bank: guide('nh') } }),
  })
  const post = (path: string, length: number, body = '', more = '') => `POST ${path} HTTP/1.1\r\nHost: a\r\n${more}Content-Length: ${length}\r\n\r\n${body}`
  const long = `x: ${'x'.repeat(20_000)}\r\n`
  async function refused(partners: string[], ...sent: string[]): Promise<[number, unknown][]> {
    const hub = await startHub(wish(partners))
    try {
      return await Promise.all(sent.map(async (one): Promise<[number, unknown]> => {
        const answers = await exchangeRaw(Number(new URL(hub.state.baseUrl).port), [one])
        return [answers.at(-1)!.status, JSON.parse(answers.at(-1)!.body)]
      }))
    } finally { await hub.close() }
  }
  const of = (role: string, code: string) => ({ [role]: { ma: code, mo_ta: expect.any(String) } })
  const canonical = (code: string) => ({ error: { code, message: expect.any(String) } })

  it('by the path, where that is known', async () => {
    expect(await refused(['sms', 'bank-vcb', 'partner-justice'],
      post('/sms/v1/messages', 9_999_999), post('/bank-vcb/v1/qr', 9_999_999), post('/partner-justice/v1/forwarded', 9_999_999), post('/nobody', 9_999_999),
      post('/sms/v1/messages', 0, '', long), post('/bank-vcb/v1/qr?a=b', 0, '', long),
      post('/sms/v1/messages', 10, '{'), post('/bank-vcb/v1/qr', 10, '{'),
      'POST /sms/v1/messages HTTP/1.1\r\nContent-Length: 0\r\n\r\n', 'hello\r\n\r\n')).toEqual([
      [413, of('tin', 'BODY_TOO_LARGE')], [413, of('nh', 'BODY_TOO_LARGE')], [413, canonical('BODY_TOO_LARGE')], [413, canonical('BODY_TOO_LARGE')],
      [431, of('tin', 'HEADERS_TOO_LARGE')], [431, of('nh', 'HEADERS_TOO_LARGE')],
      [408, of('tin', 'REQUEST_TIMEOUT')], [408, of('nh', 'REQUEST_TIMEOUT')],
      [400, of('tin', 'REQUEST_INVALID')], [400, canonical('REQUEST_INVALID')],
    ])
  })
  it.each([['at once', false], ['when the first was answered', true]])('of the request that is under way, not of one before it on the same connection: %s', async (_, waits) => {
    const hub = await startHub(wish(['sms', 'bank-vcb', 'partner-justice']))
    try {
      const socket = connect(Number(new URL(hub.state.baseUrl).port), '127.0.0.1')
      let came = ''
      socket.setEncoding('utf8').on('data', (piece: string) => { came += piece })
      const second = post('/bank-vcb/v1/qr', 10, '{')
      socket.write(`${post('/sms/v1/none', 0)}${waits ? '' : second}`)
      if (waits) {
        await once(socket, 'data')
        socket.write(second)
      }
      await once(socket, 'close')
      expect(came).toMatch(/^HTTP\/1\.1 404 [^]*"tin"[^]*HTTP\/1\.1 408 [^]*\{"nh":\{"ma":"REQUEST_TIMEOUT"/)
    } finally { await hub.close() }
  })
  it('without a path, in the form of all that are served, if they speak alike', async () => {
    expect(await refused(['sms'], 'hello\r\n\r\n', 'POST /sms/v1/messages HTTP/1.1\r\nHost: a\r\n')).toEqual([[400, of('tin', 'REQUEST_INVALID')], [408, of('tin', 'REQUEST_TIMEOUT')]])
  })
})

it('what was forgotten is said, and never taken for all that there is', async () => {
  const hub = await startHub({ partners: ['sms', 'bank-vcb'], host: '127.0.0.1', port: 0, redirectUris: [], seed: 1, language: 'vi', remembered: 5 })
  try {
    const ask = async (path: string, body?: unknown) => {
      const response = await fetch(hub.state.baseUrl + path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
      return { status: response.status, body: await response.json() as any }
    }
    const send = (n: number) => ask('/sms/v1/messages', { messageId: `m${n}`, phone: '+84990000001', text: 'Hồ sơ', reference: `r${n}`, receiptUrl: `${hub.state.inboxUrl}/r` })
    for (let n = 1; n <= 5; n += 1) await send(n)
    expect((await ask('/_mocks/evidence?partner=sms')).body.rows).toHaveLength(5)
    expect((await ask('/_mocks/memory')).body.partners).toMatchObject({ 'sms': { forgotten: 0 }, 'bank-vcb': { forgotten: 0, pending: 0 } })
    const gatewayIds = new Set([(await send(6)).body.gatewayId])
    for (let n = 7; n <= 12; n += 1) gatewayIds.add((await send(n)).body.gatewayId)
    expect(gatewayIds.size).toBe(7)
    const { body: { partners: { sms } } } = await ask('/_mocks/memory')
    expect(sms.forgotten).toBeGreaterThanOrEqual(7)
    expect(await ask('/_mocks/evidence?partner=sms')).toEqual({ status: 410, body: { error: { code: 'EVIDENCE_FORGOTTEN', message: `sms has forgotten ${sms.forgotten} records of those that came first (it remembers 5 of a kind)` } } })
    expect((await ask('/_mocks/evidence?partner=bank-vcb')).status).toBe(200)
    expect((await ask('/sms/v1/messages/m1')).body.error.code).toBe('MESSAGE_UNKNOWN')
    expect((await ask('/sms/v1/messages/m12')).status).toBe(200)
  } finally { await hub.close() }
})

describe('all partners at one address', () => {
  it('are there with every role, each under its id', async () => {
    expect(served.described.partners.length).toBeGreaterThanOrEqual(55)
    expect(new Set(served.described.partners.map(({ role }) => role))).toEqual(new Set(ROLES.filter(({ id }) => served.described.partners.some(({ role }) => role === id)).map(({ id }) => id)))
    expect((await served.get(`${served.at('vneid')}/.well-known/openid-configuration`)).body.issuer).toBe(served.at('vneid'))
    expect((await served.get('/bank-vbc/v1/banks')).body.error).toMatchObject({ code: 'PARTNER_UNKNOWN', message: expect.stringContaining('did you mean "bank-vcb"?') })
  })

  it('push to the stand-in of the portal, signed, and a wrong signature is refused there', async () => {
    const dossier = { reference: 'p1', dossierCode: 'G08-260410-000111', procedureCode: '9.900001', applicantId: '999000000011', applicantName: 'Người Thử', applicantBirthDate: '1980-01-01', status: 'received' }
    expect((await served.post(`${served.at('partner-justice')}/desk/dossiers`, dossier)).body).toMatchObject({ sync: 'acknowledged', portalStatus: 201 })
    const pushed = (await served.journal('portal', 1)).find(({ subject }) => subject === 'p1')!
    expect(pushed).toMatchObject({ operation: 'push-dossier', path: '/sync/v1/dossiers', status: 201, subject: 'p1' })
    const forged = await fetch(`${served.described.portal}/sync/v1/dossiers`, { method: 'POST', body: pushed.requestBody, headers: { 'x-partner': 'justice', 'x-signature': '00' } })
    expect(forged.status).toBe(401)
    expect((await served.journal('portal')).at(-1)!.unmatched).toMatchObject({ differs: 'signature' })
    expect((await served.post(`${served.described.portal}/sync/v2/dossiers`, {})).status).toBe(404)
  })
})

describe('what a partner sends by itself', () => {
  it('is in its journal, each attempt with its answer', async () => {
    let asked = 0
    const receiver = createServer((request, response) => { asked += 1; request.resume().on('end', () => response.writeHead(asked === 1 ? 500 : 200).end('{"why":"not yet"}')) }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const callbackUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/callback`
    const bank = served.at('bank-bidv')
    const order = { transactionCode: 'OUT1', account: '0011009990001', accountName: 'DON VI THU', amountVnd: 1_000, reference: 'out-1', expiresAt: 4_102_444_800_000, callbackUrl }
    const { body: { qr } } = await served.post(`${bank}/v1/qr`, order)
    await served.post(`${bank}/v1/scan`, { qr, personId: '999000000011', reference: 'out-2' })
    const sent = async () => (await served.journal('bank-bidv')).filter(({ direction }) => direction === 'out')
    while ((await sent()).length < 2) await new Promise(setImmediate)
    expect(await sent()).toMatchObject([
      { operation: 'callback', method: 'POST', path: callbackUrl, status: 500, answerBody: '{"why":"not yet"}', subject: 'out-2', requestBody: expect.stringContaining('"OUT1"') },
      { operation: 'callback', status: 200, subject: 'out-2' },
    ])
    receiver.close()
  })
})

describe('magic identifiers reach what partners send', () => {
  const came = async (path: string) => (await served.journal('inbox')).filter((exchange) => exchange.path === path)
  it('receipts by the phone: lost, doubled, told otherwise', async () => {
    const send = (name: string, phone: string) => served.post(`${served.at('sms')}/v1/messages`, { messageId: name, phone, text: 'Hồ sơ đã được tiếp nhận', reference: name, receiptUrl: `${served.described.inbox}/${name}` })
    for (const [name, phone] of [['lost', '+84999900701'], ['twice', '0999900702'], ['absent', '+84999900801'], ['plain', '+84999900999']] as const) expect((await send(name, phone)).status).toBe(202)
    await served.post('/_mocks/control', { action: 'clock.advance', ms: 5_000 })
    while ((await came('/twice')).length < 2 || (await came('/absent')).length < 1 || (await came('/plain')).length < 1) await new Promise(setImmediate)
    expect(await Promise.all(['/lost', '/twice', '/absent', '/plain'].map(async (path) => (await came(path)).map(({ requestBody }) => JSON.parse(requestBody).reason ?? 'delivered')))).toEqual([[], ['delivered', 'delivered'], ['absent-subscriber'], ['delivered']])
  })
  it('callbacks of a bank by the amount', async () => {
    const bank = served.at('bank-vcb')
    for (const [name, amountVnd] of [['never', 999_000_701], ['doubled', 999_000_702]] as const) {
      const order = { transactionCode: name, account: '0011009990001', accountName: 'DON VI THU', amountVnd, reference: name, expiresAt: 4_102_444_800_000, callbackUrl: `${served.described.inbox}/${name}` }
      const { body: { qr } } = await served.post(`${bank}/v1/qr`, order)
      expect((await served.post(`${bank}/v1/scan`, { qr, personId: '999000000011', reference: `scan ${name}` })).status).toBe(200)
    }
    while ((await came('/doubled')).length < 2) await new Promise(setImmediate)
    expect([await came('/never'), (await came('/doubled')).map(({ requestBody }) => requestBody).filter((body, i, all) => body === all[0])]).toMatchObject([[], { length: 2 }])
  })
})

describe('the ready examples', () => {
  it.skipIf(!hasCurl)('run as they stand on the page, pasted into a shell (needs curl)', async () => {
    let ran = 0
    for (const listed of oneOfEachRole()) {
      const page = pageText((await served.get(`/partners/${listed.id}?lang=en`)).body as string)
      const commands = readyOf(listed)
      expect(commands.length).toBeGreaterThan(0)
      for (const ready of commands) {
        const command = curlOf(ready, listed.baseUrl)
        expect(page).toContain(command)
        const { stdout } = await shell('sh', ['-c', command])
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(stdout)?.[1])
        // What must be there before may not be; then the partner says so by one of the operation's own statuses.
        if (ready.example.given) expect(Object.keys(ready.operation.answers)).toContain(String(status))
        else expect(status, `${command}\n${stdout}`).toBe(ready.example.status)
        ran += 1
      }
    }
    expect(ran).toBeGreaterThanOrEqual(20)
  })

  it('are in the collection as well, which an importing tool can send', async () => {
    const { body: collection } = await served.get('/collection.json?lang=en')
    expect(collection.info.schema).toBe('https://schema.getpostman.com/json/collection/v2.1.0/collection.json')
    const variables = new Map<string, string>(collection.variable.map(({ key, value }: { key: string; value: string }) => [key, value]))
    const filled = (text: string) => text.replaceAll(/\{\{([\w-]+)\}\}/g, (_, name: string) => variables.get(name)!)
    const items = collection.item.flatMap(({ item }: { item: any[] }) => item)
    expect(items).toHaveLength(oneOfEachRole().reduce((sum, listed) => sum + readyOf(listed).length, 0))
    for (const { name, request } of items) {
      const response = await fetch(filled(request.url.raw), { method: request.method, redirect: 'manual', ...(request.body && { body: request.body.raw }), headers: request.header.map(({ key, value }: { key: string; value: string }) => [key, value]) })
      expect(['ROUTE_UNKNOWN', 'METHOD_NOT_ALLOWED', 'PARTNER_UNKNOWN'], name).not.toContain((await response.json().catch(() => ({})) as any).error?.code)
    }
  })

  it.skipIf(!hasCurl)('that set behaviours and move the clock run too (needs curl)', async () => {
    for (const command of controls({ listing: served.described.partners, baseUrl: served.described.url.replace(/\/$/, '') })) {
      const { stdout } = await shell('sh', ['-c', command])
      expect(JSON.parse(stdout), command).not.toHaveProperty('error')
    }
    await served.post('/_mocks/control', { action: 'behave', behaviours: [] })
  })
})

describe('the start page', () => {
  it.each([['vi', 'Các đối tác mô phỏng', 'Mã đặc biệt'], ['en', 'Simulated partners', 'Magic identifiers']])('says in %s what is there, without anything from elsewhere', async (language, title, magic) => {
    const { body, headers } = await served.get(`/?lang=${language}`)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    const text = pageText(body)
    for (const words of [title, magic, served.described.vneidClient.clientSecret, served.at('bank-vcb'), served.at('partner-ca-mau'), 'dev-key-bank-vcb', served.described.inbox]) expect(text).toContain(words)
    for (const { role, value, text: effect } of MAGIC) if (oneOfEachRole().some((listed) => listed.role === role)) { expect(text).toContain(String(value)); expect(text).toContain(effect[language as 'vi' | 'en']) }
    expect(body).not.toMatch(/<script|(?:src|href)="(?!\/)/)
    expect(body).toContain('name="viewport"')
  })

  it('shows the last exchanges and why one did not match, with what was sent escaped', async () => {
    await served.post(`${served.at('sms')}/v1/mesages`, { text: '<b>&' })
    const { body } = await served.get('/?lang=en')
    expect(body).toContain('<span class="warn">Wrong path</span>: nothing is offered at /v1/mesages; the nearest path is /v1/messages (POST)')
    expect(body).toContain('&lt;b&gt;&amp;')
    expect(body).not.toContain('<b>&')
    expect((await served.get('/?lang=vi')).body).toContain('<span class="warn">Sai đường dẫn</span>')
  })

  it('leads on by links that hold where others see it under a path', async () => {
    const linksOf = async (publicUrl?: string) => {
      const hub = await startHub({ partners: ['sms'], host: '127.0.0.1', port: 0, publicUrl, redirectUris: [], seed: 1, language: 'en' })
      try {
        const pages = [startPage(hub.state, 'en'), partnerPage(hub.state, hub.state.listing[0]!, 'en')]
        return pages.flatMap((page) => [...page.matchAll(/href="([^"]*)"/g)].map((match) => match[1]!))
      } finally { await hub.close() }
    }
    const plain = await linksOf()
    expect(plain).toEqual(expect.arrayContaining(['/?lang=vi', '/partners/sms?lang=en', '/_mocks/journal', '/openapi/sms.json']))
    expect(await linksOf('https://test.example/behind/')).toEqual(plain.map((link) => `/behind${link}`))
  })

  it('gives the OpenAPI documents with where the partners are', async () => {
    for (const { role, baseUrl } of oneOfEachRole()) {
      const { body } = await served.get(`/openapi/${role}.json`)
      expect(body.servers[0].url).toBe(baseUrl)
      expect(body.paths).toEqual(JSON.parse(JSON.stringify(openApiOf(ROLES.find(({ id }) => id === role)!).paths)))
    }
    expect((await served.get('/openapi/none.json')).status).toBe(404)
  })
})

describe('questions', () => {
  it('about the journal are answered, and refused where they make no sense', async () => {
    await served.get(`${served.at('bank-bidv')}/v1/banks?x=1`)
    expect((await served.get('/_mocks/journal?partner=bank-bidv&operation=banks&limit=1')).body.exchanges).toMatchObject([{ partner: 'bank-bidv', operation: 'banks', status: 200 }])
    expect((await served.get('/_mocks/journal?partner=bank-bdiv')).body.error).toMatchObject({ code: 'PARTNER_UNKNOWN' })
    expect((await served.get('/_mocks/journal?limt=1')).body.error.code).toBe('REQUEST_INVALID')
    expect((await served.get('/_mocks/nothing')).body.error.code).toBe('ROUTE_UNKNOWN')
  })
  it('set behaviours for one or for all that they fit, and refuse what fits none', async () => {
    const control = (query: string, behaviours: unknown) => served.post(`/_mocks/control${query}`, { action: 'behave', behaviours })
    expect((await control('?partner=bank-bidv', [{ route: 'banks', status: 503, code: 'OUT_OF_SERVICE' }])).status).toBe(200)
    expect((await served.get(`${served.at('bank-bidv')}/v1/banks`)).body.error.code).toBe('OUT_OF_SERVICE')
    expect((await served.get(`${served.at('bank-vcb')}/v1/banks`)).status).toBe(200)
    expect((await control('', [{ route: 'banks', throttle: { perSecond: 0.001 } }])).status).toBe(200)
    expect((await served.get(`${served.at('bank-vcb')}/v1/banks`)).status).toBe(200)
    const throttled = await served.get(`${served.at('bank-vcb')}/v1/banks`)
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '1000'])
    expect((await control('', [{ route: 'bankz', status: 500 }])).body.error.code).toBe('BEHAVIOUR_ROUTE_UNKNOWN')
    expect((await control('', [{ route: 'banks', share: 2 }])).body.error.code).toBe('CONTROL_INVALID')
    expect((await control('', [])).status).toBe(200)
    expect((await served.get(`${served.at('bank-vcb')}/v1/banks`)).status).toBe(200)
  })
  it('go to whom they fit where several are asked, and leave nobody half told', async () => {
    const available = (query: string, bankCode: string, is: boolean) => served.post(`/_mocks/control${query}`, { action: 'bank.available', bankCode, available: is })
    const states = async (id: string) => (await served.get(`${served.at(id)}/v1/banks`)).body.banks.filter(({ code }: { code: string }) => code === 'VCB').map((bank: { available: boolean }) => bank.available)
    expect((await available('', 'VCB', false)).status).toBe(200)
    expect([await states('bank-vcb'), await states('bank-vnpay'), await states('bank-bidv')]).toEqual([[false], [false], []])
    expect((await available('', 'VCB', true)).status).toBe(200)
    expect([await states('bank-vcb'), await states('bank-vnpay')]).toEqual([[true], [true]])
    expect((await available('', 'VCBB', false)).body.error.code).toBe('BANK_NOT_OFFERED')
    expect((await available('?partner=bank-bidv', 'VCB', false)).body.error.code).toBe('BANK_NOT_OFFERED')
  })
  it('are refused with a code by other methods, and HEAD and OPTIONS are answered', async () => {
    const ask = async (method: string, path: string) => {
      const response = await fetch(served.described.url.replace(/\/$/, '') + path, { method })
      const text = await response.text()
      return [response.status, response.headers.get('allow'), text === '' ? '' : JSON.parse(text).error.code]
    }
    for (const path of ['/', '/collection.json', '/partners/bank-vcb', '/openapi/bank.json', '/_mocks/journal']) {
      expect(await ask('HEAD', path)).toEqual([200, null, ''])
      expect(await ask('OPTIONS', path)).toEqual([204, 'GET, HEAD, OPTIONS', ''])
      expect(await ask('DELETE', path)).toEqual([405, 'GET, HEAD, OPTIONS', 'METHOD_NOT_ALLOWED'])
    }
    expect(await ask('GET', '/_mocks/control')).toEqual([405, 'OPTIONS, POST', 'METHOD_NOT_ALLOWED'])
    expect(await ask('GET', '/partners/__proto__')).toEqual([404, null, 'PARTNER_UNKNOWN'])
    expect(await ask('GET', '/openapi/bnak.json')).toEqual([404, null, 'ROLE_UNKNOWN'])
    expect(await ask('GET', `/${'a'.repeat(12_000)}`)).toEqual([404, null, 'PARTNER_UNKNOWN'])
  })
  it('break connections where one address is shared', async () => {
    await served.post('/_mocks/control?partner=bank-bidv', { action: 'behave', behaviours: [{ route: '*', outage: { forMs: 60_000, how: 'refuse' } }] })
    await expect(served.get(`${served.at('bank-bidv')}/v1/banks`)).rejects.toThrow('fetch failed')
    await served.post('/_mocks/control', { action: 'clock.advance', ms: 60_001 })
    expect((await served.get(`${served.at('bank-bidv')}/v1/banks`)).status).toBe(200)
  })
})

describe('from files', () => {
  it('a contract profile counts for paths, names and signatures, in examples and pages too, while the journal keeps canonical names', async () => {
    const file = join(realWorld().root, 'contracts/contract-profiles/assumed-guide.yaml')
    const wires = compileWires(ContractProfile.parse(parse(readFileSync(file, 'utf8'))))
    const own = await serveMocks('--partners', 'bank-vcb,sms', '--contract-profile', file)
    for (const id of ['bank-vcb', 'sms']) {
      const listed = own.described.partners.find((partner) => partner.id === id)!
      const wire = wires.get(listed.role)!
      const page = pageText((await own.get(`/partners/${id}`)).body as string)
      for (const ready of readyRequests(listed, wire, { inboxUrl: own.described.inbox, nowMs: Date.now() }).filter(({ example }) => !example.given)) {
        const response = await fetch(listed.baseUrl + ready.path, { method: ready.method, headers: ready.headers, ...(ready.body !== '' && { body: ready.body }) })
        expect(wire.readAnswer(ready.operation.name, response.status, await response.json()).status, ready.operation.name).toBe(ready.example.status)
        expect(page).toContain(`${listed.baseUrl}${ready.path}`)
        expect(response.status, 'the status that the page tells').toBe(ready.status)
        expect(page).toContain(`→ ${ready.status}`)
      }
      expect(wire.role.operations.some(({ name, path }) => wire.operation(name).path !== path)).toBe(true)
      expect((await own.journal(id))[0]!.operation).toBe(wire.role.operations[0]!.name)
    }
    expect(await own.end()).toBe(0)
  })

  it('behaviours count from the start, by partner, role and for all, and magic can be off', async () => {
    const file = join(directory, 'behaviours.yaml')
    writeFileSync(file, 'version: 1\nmagic: false\npartners:\n  bank-vcb: [{ route: qr, status: 503, code: OUT_OF_SERVICE }]\n  bank: [{ route: banks, status: 500 }]\n  "*": [{ route: send, status: 429, code: THROTTLED }]\n')
    const own = await serveMocks('--partners', 'bank,sms', '--behaviours', file)
    expect((await own.post(`${own.at('bank-vcb')}/v1/qr`, {})).status).toBe(503)
    expect((await own.get(`${own.at('bank-treasury')}/v1/banks`)).status).toBe(500)
    expect((await own.post(`${own.at('sms')}/v1/messages`, {})).status).toBe(429)
    expect((await own.get('/_mocks/magic')).body.magic).toEqual([])
    expect(await own.end()).toBe(0)
  })
})

describe('refuses', () => {
  const refused = async (...args: string[]) => {
    const world = testWorld({ cwd: directory })
    return { code: await run(['mocks', ...args], world), err: world.err(), out: world.out() }
  }
  it.each<[string, string[], RegExp]>([
    ['a partner that is none', ['--partners', 'bank-vbc,justice'], /PARTNER_UNKNOWN: partner "bank-vbc" is not known · --partners · did you mean "bank-vcb"\?/],
    ['no partner', ['--partners', ','], /PARTNER_UNKNOWN: no partner is named/],
    ['a port that is none', ['--port', '70000'], /NUMBER_INVALID: "70000" is no port/],
    ['a portal that is no address', ['--portal', 'portal'], /URL_INVALID: "portal" is no http address · --portal/],
    ['a host that is not here', ['--port', '0', '--host', '192.0.2.1'], /ADDRESS_UNUSABLE: nothing can listen at 192\.0\.2\.1:0/],
    ['a language', ['--lang', 'fr'], /LANGUAGE_UNKNOWN/],
    ['a file that is not there', ['--behaviours', 'none.yaml'], /FILE_MISSING: behaviours file/],
  ])('%s', async (_, args, expected) => {
    const { code, err, out } = await refused(...args)
    expect([code, out]).toEqual([254, ''])
    expect(err).toMatch(expected)
    expect(err).not.toMatch(/\n\s+at /)
  })
  it('several mistakes at once', async () => {
    expect((await refused('--partners', 'x-y-z', '--port', 'y', '--lang', 'fr')).err.trim().split('\n')).toHaveLength(3)
  })
  it('a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(await refused('--port', String(port), '--partners', 'sms')).toMatchObject({ code: 254, err: expect.stringContaining(`PORT_IN_USE: port ${port} of 127.0.0.1 is in use · --port`) })
    server.close()
  })
  it('a file of behaviours that does not fit, each mistake with its place, and leaves nothing listening', async () => {
    writeFileSync(join(directory, 'bad.yaml'), 'version: 1\npartners:\n  bnak: []\n  sms:\n    - { route: sned, status: 500 }\n    - { route: send, lose: true }\n')
    const { code, err } = await refused('--port', '0', '--partners', 'sms', '--behaviours', 'bad.yaml')
    expect(code).toBe(254)
    expect(err).toMatch(/PARTNER_UNKNOWN: no partner or role "bnak" is served · bad\.yaml:3:3 .*\n.*BEHAVIOUR_ROUTE_UNKNOWN: route "sned" .*bad\.yaml:5:7 .*did you mean "send"\?.*\n.*BEHAVIOUR_KEY_MISPLACED: "lose".*bad\.yaml:6:7/)
    writeFileSync(join(directory, 'form.yaml'), 'version: 1\npartners:\n  sms: [{ route: send, latency: { distribution: log-normal, p50Ms: 5 } }]\n')
    expect((await refused('--partners', 'sms', '--behaviours', 'form.yaml')).err).toMatch(/form\.yaml:3:/)
  })
})

it('prints a short table and the start page, and has help with examples', async () => {
  const world = testWorld()
  const shown = Promise.withResolvers<void>()
  const ended = run(['mocks', '--port', '0', '--partners', 'bank,sms', '--lang', 'en'], { ...world, stdout: { write: (text: string) => { world.stdout.write(text); if (text.includes('Ctrl-C')) shown.resolve() } } })
  await shown.promise
  expect(world.out()).toMatch(/^role +partners +address\n[- ]+\nbank +\d+ +http:\/\/127\.0\.0\.1:\d+\/bank-vcb …\nsms .*\nStart page: http:\/\/127\.0\.0\.1:\d+\/ · Ctrl-C ends it\n$/)
  const url = /Start page: (\S+)/.exec(world.out())![1]!
  world.interrupt()
  expect(await ended).toBe(0)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
  const help = testWorld()
  expect(await run(['mocks', '--help'], help)).toBe(0)
  expect(help.out()).toContain('Examples:')
})
