/**
 * What the OWASP core rule set really makes of ordinary sync calls at its levels: Vietnamese text, JSON with quotes, attachments, each with the rule that blocks
 * it first; and that the default lets all of them pass that a night has.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Agent, createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SyncDossier } from '../../../contracts/api/front.ts'
import { personOf } from '../../../contracts/reference/people.ts'
import { askEdge, type EdgeUnderTest } from '../../network/edge/testing/edge-conduct.ts'
import { bridgeGateway, describeWithDocker } from '../testing/docker-answers.ts'
import { startPart } from '../testing/start-part.ts'
import { edgeSpec } from './spec.ts'

const dossier = (change: Partial<SyncDossier>): SyncDossier => ({
  reference: 'sync-w1.22.push.de48e5b966', dossierCode: 'G08-260410-7000007', procedureCode: '9.900003', unitCode: 'G08', applicantId: '999200008327', applicantName: 'Nguoi Thu 008327',
  applicantBirthDate: '1961-07-25', status: 'received', submittedAt: 1_775_836_823_860, note: '', ...change,
})
/** Bytes as a scanner's PDF has them, the same in every run. */
const scan = (seed: string, size: number) => Buffer.concat(Array.from({ length: Math.ceil(size / 32) }, (_, n) => createHash('sha256').update(`${seed}/${n}`).digest())).subarray(0, size)
const attachment = (content: Buffer, fileName = 'Don de nghi.pdf') => ({
  reference: 'sync-w1.22.file.de48e5b966', dossierCode: 'G08-260410-7000007', fileName, contentType: 'application/pdf', sizeBytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'), offset: 0, content: content.toString('base64'),
})

/** `blockedBy`: the rule at levels 1, 2 and 3; null where it passes. */
const CALLS: { what: string; body: object; blockedBy: (string | null)[] }[] = [
  { what: 'letters without marks', body: dossier({ note: 'Ho so thu' }), blockedBy: [null, null, null] },
  { what: 'a Vietnamese name', body: dossier({ applicantName: personOf(8_327).name }), blockedBy: [null, null, '920272'] },
  { what: 'a Vietnamese note', body: dossier({ note: 'Địa chỉ thử: số 991, khu 6, Quảng Hà' }), blockedBy: [null, null, '920272'] },
  { what: 'a share and a count', body: dossier({ note: 'Giảm 50% phí theo diện ưu tiên; nếu 1 = 1 hộ thì ghi chung (thử)' }), blockedBy: [null, '942130', '920272'] },
  { what: 'an area', body: dossier({ note: 'Diện tích < 100 m² và > 50 m² theo sổ cũ (thử)' }), blockedBy: [null, '942130', '920272'] },
  { what: 'a dash', body: dossier({ note: 'Bản sao có chứng thực -- đã nộp tại bộ phận một cửa (thử)' }), blockedBy: [null, '942440', '920272'] },
  { what: 'JSON with quotes inside a note', body: dossier({ note: JSON.stringify({ ten: 'Nguoi Thu', so: '1', 'dia chi': { xa: 'Quang Ha' } }) }), blockedBy: [null, '942200', '942200'] },
  { what: 'text pasted from a word processor', body: dossier({ note: 'Dan tu Word: <span style="font-size:12px" onclick="x()">Don</span>' }), blockedBy: ['941100', '941100', '941100'] },
  { what: 'a path to a file', body: dossier({ note: 'Xem tep o thu muc ../../ho-so/2026/don.pdf' }), blockedBy: ['930100', '930100', '930100'] },
  { what: 'an attachment', body: attachment(scan('a', 64 << 10)), blockedBy: [null, null, null] },
  { what: 'an attachment with a Vietnamese name', body: attachment(scan('a', 1 << 10), 'Đơn đề nghị.pdf'), blockedBy: [null, null, '920272'] },
  { what: 'an attachment in whose base64 words of SQL happen to stand', body: attachment(scan('s1', 512 << 10)), blockedBy: [null, '942340', '942340'] },
  { what: 'an attachment in whose base64 a word of HTML happens to stand', body: attachment(scan('s4', 512 << 10)), blockedBy: ['941130', '941130', '941130'] },
]

/** A login's state as the portal seals it, in base64url. */
const RANDOM_TEXT = '8--PA9pDyvzkowIjRrLE6BHQHKQz0SYStVoIF5h7xG64jU1FD0ecj1DlZS9wgToZEio5hRY5aEHzsdzFNMn_5w0I6lz3WMCJUKZQvnV80l66PPahjuTD9ogoOB82Z_eBema8SleoM6p1JItEO_xKa5w0veCvh5cDqNWN5q99IdbtVC_Hv1H4ST0lDIKFEkzTG2G8guI6fekqeY0hx36m4-OYgP-WpJGxOjL6cvNWU6Ddp3j-0a39ANliaWSq9Bf6wPcfO40JM5gpqZZUaMkMh5imWHEcbiMhkPbzZ84_YROPYtmgmLqROwz_NODrRKBb9mmyB67dOXyZ1b3NfeDmZIRdxqPjbxXc7oyi54nkDFuwW36B-RHA'

describeWithDocker('levels of the OWASP core rule set', () => {
  let portal: Server
  let edge: EdgeUnderTest
  beforeAll(async () => {
    portal = createServer({ keepAliveTimeout: 75_000 }, (request, response) => { request.resume().once('end', () => response.end('{}')) }).listen(0, await bridgeGateway())
    await once(portal, 'listening')
    const { address, port } = portal.address() as { address: string; port: number }
    const part = await startPart(edgeSpec({ id: 'edge-new', upstream: `http://${address}:${port}`, origins: { [address]: { region: null, partner: 'justice' } } }, []))
    edge = { ...part, host: part.host, port: 8080 }
  }, 300_000)
  afterAll(async () => { await edge?.close(); portal?.closeAllConnections(); portal?.close() })

  let n = 0
  /** The rules that the call met, the one that blocked it first; none where it passed. */
  async function rulesOn(body: object): Promise<{ status: number | undefined; block: string | null; matched: string | null }> {
    const op = `call-${n += 1}`
    const { status } = await askEdge(edge, { method: 'POST', path: '/sync/v1/dossiers', headers: { 'content-type': 'application/json', 'x-op': op }, body: JSON.stringify(body) })
    if (status !== 403) return { status, block: null, matched: null }
    // The firewall writes its log when it has done with the request, a moment after the answer.
    for (;;) {
      const row = (await edge.evidence()).find(({ key, op: of }) => of === op && key.startsWith('block/'))
      if (row) return { status, block: String(row.fields['ruleId']), matched: String(row.fields['matched']) }
    }
  }

  test('a login and what follows pass by default, whatever its random texts look like', async () => {
    const ask = async (path: string, cookie: string) => (await askEdge(edge, { path, headers: { cookie } })).status
    const iss = encodeURIComponent('http://10.160.6.1:8080')
    // Without the exclusions this one is taken for a number and an SQL comment, as it is in any other place.
    expect(await ask('/', `another=${RANDOM_TEXT}`)).toBe(403)
    expect(await ask('/', `sid=${RANDOM_TEXT}`)).toBe(200)
    expect(await ask(`/auth/callback?code=${RANDOM_TEXT}&state=${RANDOM_TEXT}&iss=${iss}`, `login_state=${RANDOM_TEXT}`)).toBe(200)
    expect(await ask(`/api/services?q=${RANDOM_TEXT}`, 'sid=x')).toBe(403)
  })

  test.each([1, 2, 3])('level %i', async (level) => {
    await edge.control({ action: 'waf.tune', strict: { paranoia: level, pathPrefix: '/sync' } })
    const found = []
    for (const { what, body } of CALLS) found.push({ what, ...await rulesOn(body) })
    expect(found.map(({ what, block }) => [what, block])).toEqual(CALLS.map(({ what, blockedBy }) => [what, blockedBy[level - 1]]))
    for (const { status, block, matched } of found) {
      expect(status).toBe(block === null ? 200 : 403)
      if (block === '920272') expect(matched).toMatch(/[^\x20-\x7e]/)
    }
  })

  test('exclusions let the Vietnamese text of a night pass at level 3, and only for the partners that are meant', async () => {
    await edge.control({ action: 'waf.tune', strict: { paranoia: 3, pathPrefix: '/sync', partners: ['justice'] } })
    const ordinary = dossier({ applicantName: personOf(8_327).name, note: 'Bản sao có chứng thực -- đã nộp; diện tích < 100 m² (thử)' })
    expect(await rulesOn(ordinary)).toMatchObject({ status: 403 })
    const { exclusions } = await edge.control({ action: 'waf.get' }) as { exclusions: object[] }
    const text = ['942130', '942431', '942440', '942460'].map((ruleId) => ({ ruleId, pathPrefix: '/sync', target: 'ARGS:json.note' }))
    await edge.control({ action: 'waf.tune', exclusions: [...exclusions, { ruleId: '920272', pathPrefix: '/sync' }, { ruleId: '942460', pathPrefix: '/sync', target: 'ARGS:json.applicantName' }, ...text] })
    expect(await rulesOn(ordinary)).toMatchObject({ status: 200 })
    expect(await rulesOn(dossier({ note: '<script>alert(1)</script>' }))).toMatchObject({ status: 403 })
    await edge.control({ action: 'waf.tune', exclusions, strict: null })
  })

  test('a tuning waits for nobody and drops nobody: calls under way and kept connections live through it', async () => {
    const asked: Promise<number | undefined>[] = []
    const agent = new Agent({ keepAlive: true, maxSockets: 8 })
    const call = () => askEdge(edge, { method: 'POST', path: '/sync/v1/dossiers', headers: { 'content-type': 'application/json' }, body: JSON.stringify(dossier({})), agent }).then(({ status }) => status)
    const stop = new AbortController()
    const callers = Array.from({ length: 8 }, async () => { while (!stop.signal.aborted) { const one = call(); asked.push(one); await one } })
    for (const paranoia of [2, 3, 1]) await edge.control({ action: 'waf.tune', paranoia })
    stop.abort()
    await Promise.all(callers)
    agent.destroy()
    expect(asked.length).toBeGreaterThan(20)
    expect(new Set(await Promise.all(asked))).toEqual(new Set([200]))
  })
})
