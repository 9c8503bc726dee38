import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Control, WafRule } from '../../../contracts/api/admin.ts'
import type { EvidenceRow } from '../../../contracts/evidence.ts'
import { startEdge } from './edge.ts'
import { edgeConduct } from './testing/edge-conduct.ts'

const DEFAULT_RULES = fileURLToPath(new URL('./waf-default.json', import.meta.url))

async function openEdge(upstream: string, origins: Parameters<typeof startEdge>[0]['origins'], upstreamTimeoutMs: number) {
  const directory = await mkdtemp(join(tmpdir(), 'edge-'))
  const rulesFile = join(directory, 'edge-new.json')
  await copyFile(DEFAULT_RULES, rulesFile)
  const edge = await startEdge({ id: 'edge-new', host: '127.0.0.1', port: 0, upstream, origins, rulesFile, upstreamTimeoutMs })
  return {
    host: '127.0.0.1', port: edge.port, rulesFile,
    control: async (body: object) => await edge.admin.control(body as Control) as Record<string, unknown>,
    evidence: async () => [...edge.admin.evidence('final') as Iterable<EvidenceRow>],
    close: async () => { await edge.close(); await rm(directory, { recursive: true }) },
  }
}

describe('what every edge does', () => {
  edgeConduct({ upstreamHost: async () => '127.0.0.1', open: (upstream) => openEdge(upstream, { '127.0.0.1': { region: null, partner: 'justice' } }, 2_000) })
})

describe('the edge of the embedded stack', () => {
  const ORIGINS = { '127.119.4.1': { region: 'north', partner: null }, '127.119.7.8': { region: null, partner: 'justice' } }
  let upstream: Server
  let serve: (request: IncomingMessage, response: ServerResponse) => void
  let edge: Awaited<ReturnType<typeof openEdge>>

  beforeEach(async () => {
    serve = (_request, response) => { response.writeHead(200, { 'x-served-by': 'portal' }); response.end('ok') }
    upstream = createServer((request, response) => serve(request, response))
    upstream.listen(0, '127.0.0.1')
    await once(upstream, 'listening')
    edge = await openEdge(`http://127.0.0.1:${(upstream.address() as { port: number }).port}`, ORIGINS, 30_000)
  })
  afterEach(async () => {
    await edge.close()
    upstream.closeAllConnections()
    upstream.close()
  })

  type Asked = { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer; from?: string }
  async function ask({ method = 'GET', path = '/', headers = {}, body, from }: Asked = {}) {
    const request = httpRequest({ host: edge.host, port: edge.port, method, path, headers, agent: false, ...(from ? { localAddress: from } : {}) })
    request.end(body)
    const [response] = await once(request, 'response') as [IncomingMessage]
    const bytes = await buffer(response)
    return { status: response.statusCode, headers: response.headers, bytes, text: bytes.toString('utf8') }
  }
  async function rows(count: number, kind = 'request'): Promise<EvidenceRow[]> {
    for (;;) {
      const found = (await edge.evidence()).filter(({ key }) => key.startsWith(`${kind}/`))
      if (found.length >= count) return found
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  test('headers of one hop, and those that Connection names, stay there', async () => {
    serve = (request, response) => { response.end(JSON.stringify({ hop: request.headers['x-hop'] ?? null })) }
    expect((await ask({ headers: { connection: 'close, x-hop', 'x-hop': 'not for you' } })).text).toBe('{"hop":null}')
  })

  test('a body of 5 MiB arrives whole', async () => {
    serve = (request, response) => { request.pipe(response) }
    const body = Buffer.alloc(5 << 20, 'Hồ sơ ')
    expect((await ask({ method: 'POST', path: '/big', body })).bytes.equals(body)).toBe(true)
  })

  test.each([
    { from: '127.119.4.1', region: 'north', partner: null },
    { from: '127.119.7.8', region: null, partner: 'justice' },
    { from: '127.0.0.1', region: 'inside', partner: null },
  ])('a peer at $from is of region $region, partner $partner', async ({ from, region, partner }) => {
    await ask({ from })
    expect(await rows(1)).toMatchObject([{ key: 'request/1', fields: { region, partner, remote: from } }])
  })

  describe('firewall', () => {
    test.each<Asked>([
      { path: '/static/../../etc/passwd' },
      { path: '/static/%2e%2e/%2e%2e/etc/passwd' },
      { method: 'POST', path: '/api/dossiers', body: `${'x'.repeat(500_000)}; drop table dossiers` },
    ])('blocks $method $path', async (attack) => {
      expect(await ask({ ...attack, from: '127.119.7.8' })).toMatchObject({ status: 403, headers: { 'x-served-by': 'edge-new' } })
      expect(await rows(1, 'block')).toMatchObject([{ key: 'block/1', fields: { partner: 'justice', path: attack.path } }])
    })

    const rule = (change: Partial<WafRule>): WafRule => ({ id: 'r', title: 'A rule', target: 'body', pattern: 'hộ tịch', action: 'block', pathPrefix: '/sync', ...change })

    test('waf.set replaces file and rules; a path prefix confines them', async () => {
      expect(await edge.control({ action: 'waf.set', rules: [rule({})] })).toEqual({ rules: 1 })
      expect(JSON.parse(await readFile(edge.rulesFile, 'utf8'))).toEqual([rule({})])
      expect(await edge.control({ action: 'waf.get' })).toMatchObject({ engine: 'reference', paranoia: null, exclusions: [], strict: null, rules: [rule({})] })
      expect(await ask({ method: 'POST', path: '/sync/v1/dossiers', body: 'TRÍCH LỤC HỘ TỊCH' })).toMatchObject({ status: 403 })
      expect(await ask({ method: 'POST', path: '/api/dossiers', body: 'trích lục hộ tịch' })).toMatchObject({ status: 200 })
      expect(await ask({ method: 'POST', path: '/sync/v1/dossiers', body: 'khai sinh' })).toMatchObject({ status: 200 })
    })

    test('a rule that only logs lets pass and leaves an alert', async () => {
      await edge.control({ action: 'waf.set', rules: [rule({ action: 'log' })] })
      expect(await ask({ method: 'POST', path: '/sync/v1/dossiers', body: 'hộ tịch' })).toMatchObject({ status: 200 })
      expect(await rows(1, 'alert')).toMatchObject([{ status: 'logged', fields: { ruleId: 'r', matched: 'hộ tịch' } }])
      expect(await rows(0, 'block')).toEqual([])
    })

    test('rules that do not hold are refused with every problem, and the old ones stay', async () => {
      await expect(edge.control({ action: 'waf.set', rules: [rule({ pattern: '(' }), rule({ id: 's' }), rule({ id: 's' })] })).rejects.toThrow(/WAF_RULES_INVALID: rule "r".*\n.*rule "s" is there twice/su)
      expect(await ask({ path: '/?q=union+select' })).toMatchObject({ status: 403 })
    })

    test.each([{ paranoia: 2 }, { strict: { paranoia: 2, pathPrefix: '/sync' } }, { exclusions: [{ ruleId: 'sqli-union', pathPrefix: '/api', target: 'ARGS:q' }] }])('it has no levels and no parts of rules: %j is refused', async (change) => {
      await expect(edge.control({ action: 'waf.tune', ...change })).rejects.toThrow(/levels|as a whole/)
    })

    test('a rules file that is no list of rules keeps the edge from starting', async () => {
      await writeFile(edge.rulesFile, '[{"id":"x"}]')
      await expect(startEdge({ id: 'edge-new', host: '127.0.0.1', port: 0, upstream: 'http://127.0.0.1:1', origins: {}, rulesFile: edge.rulesFile })).rejects.toThrow(/WAF_RULES_INVALID/u)
    })
  })
})
