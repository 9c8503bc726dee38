/** The front for partners, over TLS: the same edge behind it, and another certificate from one handshake to the next, with nothing said to clients in the clear. */
import { once } from 'node:events'
import { Agent as PlainAgent, createServer, type Server } from 'node:http'
import { Agent, request as httpsRequest, type AgentOptions } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthority, keyText, newKeyPair } from '../../../contracts/certificate.ts'
import { askEdge } from '../../network/edge/testing/edge-conduct.ts'
import { PORTAL_HOST, PORTS } from '../../parts.ts'
import { bridgeGateway, describeWithDocker } from '../testing/docker-answers.ts'
import { startPart, type StartedPart } from '../testing/start-part.ts'
import { edgeSpec } from './spec.ts'

const DAY_MS = 86_400_000
const from = Date.now() - 9 * DAY_MS
const authority = createAuthority('authority', { from, until: Date.now() + DAY_MS })
const { publicKey, privateKey } = newKeyPair()
const certificateUntil = (until: number, key = publicKey) => authority.sign({ subject: PORTAL_HOST, publicKey: key, from, until, hosts: [PORTAL_HOST] })
const sound = certificateUntil(Date.now() + DAY_MS)
const ENDED = Math.floor(Date.now() / 1_000) * 1_000 - 60_000

describeWithDocker('an edge that partners come to over TLS', () => {
  let portal: Server
  let edge: StartedPart
  beforeAll(async () => {
    const host = await bridgeGateway()
    portal = createServer({ keepAliveTimeout: 75_000 }, async (request, response) => { response.end(await text(request)) }).listen(0, host)
    await once(portal, 'listening')
    edge = await startPart(edgeSpec({
      id: 'edge-new', upstream: `http://${host}:${(portal.address() as { port: number }).port}`, origins: { [host]: { region: null, partner: 'justice' } },
      tls: { port: PORTS.https, certificate: sound, key: keyText(privateKey) },
    }, []))
  }, 300_000)
  afterAll(async () => {
    await edge?.close()
    portal?.closeAllConnections()
    portal?.close()
  })

  const trusting: AgentOptions = { ca: authority.certificate, servername: PORTAL_HOST, keepAlive: true }
  async function push(agent: Agent, body: string) {
    const request = httpsRequest({ host: edge.host, port: PORTS.https, method: 'POST', path: '/sync/v1/statuses', headers: { 'content-type': 'application/json', 'x-op': `op-${body}` }, agent })
    request.end(JSON.stringify({ body }))
    const [response] = await once(request, 'response') as [IncomingMessage]
    return { status: response.statusCode, text: await text(response), reused: request.reusedSocket }
  }
  const refusal = (agent: Agent) => push(agent, 'refused').then(({ status }) => status, (error: NodeJS.ErrnoException) => error.code)

  test('passes on what comes, knows who it is from, and keeps the connection', async () => {
    const agent = new Agent(trusting)
    expect([await push(agent, '1'), await push(agent, '2')]).toEqual([{ status: 200, text: '{"body":"1"}', reused: false }, { status: 200, text: '{"body":"2"}', reused: true }])
    agent.destroy()
    expect((await edge.evidence()).filter(({ key }) => key.startsWith('request/'))).toMatchObject([
      { op: 'op-1', status: '200', fields: { partner: 'justice', path: '/sync/v1/statuses' } }, { op: 'op-2', status: '200', fields: { partner: 'justice' } },
    ])
  })

  test('shows another certificate to whoever comes next, ends what was kept, and leaves clients in the clear alone', async () => {
    const [agent, plain] = [new Agent(trusting), new PlainAgent({ keepAlive: true })]
    await push(agent, '3')
    await askEdge({ host: edge.host, port: PORTS.http }, { agent: plain })
    const idle = Object.values(agent.freeSockets).flat()[0] as TLSSocket
    const ended = once(idle, 'close')
    expect(await edge.control({ action: 'certificate.set', certificate: certificateUntil(ENDED) })).toEqual({ validTo: new Date(ENDED).toISOString() })
    await ended
    expect(await refusal(agent)).toBe('CERT_HAS_EXPIRED')
    const look = connect({ host: edge.host, port: PORTS.https, rejectUnauthorized: false })
    await once(look, 'secureConnect')
    expect([Date.parse(look.getPeerCertificate().valid_to), look.isSessionReused()]).toEqual([ENDED, false])
    look.destroy()
    expect(await askEdge({ host: edge.host, port: PORTS.http }, { agent: plain })).toMatchObject({ status: 200, reused: true })

    await edge.control({ action: 'certificate.set', certificate: sound })
    expect(await push(agent, '4')).toMatchObject({ status: 200, reused: false })
    // The one that it shows already is no change.
    await edge.control({ action: 'certificate.set', certificate: sound })
    expect(await push(agent, '5')).toMatchObject({ status: 200, reused: true })
    agent.destroy()
    plain.destroy()
  })

  test('takes no certificate for another key and no other text, and goes on showing what it has', async () => {
    await expect(edge.control({ action: 'certificate.set', certificate: certificateUntil(ENDED, newKeyPair().publicKey) })).rejects.toThrow(/for another key/)
    await expect(edge.control({ action: 'certificate.set', certificate: 'no certificate' })).rejects.toThrow()
    const agent = new Agent(trusting)
    expect(await push(agent, '6')).toMatchObject({ status: 200 })
    agent.destroy()
  })

  test('says in plain HTTP to whoever speaks it there that this is no valid request', async () => {
    expect(await askEdge({ host: edge.host, port: PORTS.https })).toMatchObject({ status: 400, text: expect.stringContaining('REQUEST_INVALID') })
  })

  test('keeps its key to itself, and shows the first certificate again when it was started anew', async () => {
    expect(await edge.exec(['stat', '-c', '%a %U', '/etc/nginx/edge/key.pem'])).toBe('600 root\n')
    await edge.control({ action: 'certificate.set', certificate: certificateUntil(ENDED) })
    await edge.restart()
    const agent = new Agent(trusting)
    expect(await push(agent, '7')).toMatchObject({ status: 200 })
    agent.destroy()
  })
})
