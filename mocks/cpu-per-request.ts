/**
 * Measures what the simulators cost: `node mocks/cpu-per-request.ts [requests per second] [seconds]`. Three processes: the simulators, this generator
 * (an open model over fifty partners' desks, each call pushed on), and a receiver in the portal's place. Prints one line of JSON: the simulators' CPU
 * time per desk call (the push included) at that rate, their CPU share of one core idle and loaded, memory, and latencies seen by the generator.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent } from 'undici'
import type { SimulatorsConfig } from '../contracts/process.ts'
import { PARTNERS } from '../contracts/reference/partners.ts'

const SLOT = 119
const RECEIVER = { host: `127.${SLOT}.2.1`, port: 8080 }
const hosts = Object.fromEntries(PARTNERS.map((partner, i) => [`partner-${partner.id}`, `127.${SLOT}.7.${i + 1}`]))

if (process.argv[2] === 'receiver') receive()
else await measure(Number(process.argv[2] ?? 430), Number(process.argv[3] ?? 10))

function receive(): void {
  createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(201, { 'content-type': 'application/json' }).end('{"result":"created"}'))
  }).listen(RECEIVER.port, RECEIVER.host, () => process.send?.('listening'))
  process.once('disconnect', () => process.exit(0))
}

async function measure(ratePerSecond: number, seconds: number): Promise<void> {
  const receiver = fork(import.meta.filename, ['receiver'])
  const simulators = fork(new URL('process.ts', import.meta.url))
  try {
    await once(receiver, 'message')
    simulators.send({
      hosts, port: 8080, adminPort: 9090, portalSyncUrl: `http://${RECEIVER.host}:${RECEIVER.port}`, keys: Object.fromEntries(PARTNERS.map(({ id }) => [id, id])),
      vneidClient: { clientId: '', clientSecret: '', redirectUris: [] }, seed: 1, timeScale: 140, scenarioStartMs: 0,
    } satisfies SimulatorsConfig)
    const [reply] = await once(simulators, 'message') as [unknown]
    if (!(reply as { ready?: boolean }).ready) throw new Error(JSON.stringify(reply))
    for (const host of Object.values(hosts)) await fetch(`http://${host}:9090/control`, { method: 'POST', body: JSON.stringify({ action: 'connect', connected: true }) })
    const atRest = await cpuShare(3_000)
    await load(ratePerSecond, 2, 'warm')
    const before = await stats()
    const beganAt = performance.now()
    const latencies = await load(ratePerSecond, seconds, 'run')
    const wallMs = performance.now() - beganAt
    const after = await stats()
    const calls = latencies.length
    latencies.sort((a, b) => a - b)
    console.log(JSON.stringify({
      ratePerSecond, calls, cpuUsPerCall: Math.round((after.cpuMs - before.cpuMs) * 1000 / calls), coreShareIdle: round(atRest), coreShareLoaded: round((after.cpuMs - before.cpuMs) / wallMs),
      rssMb: Math.round(after.rssBytes / 2 ** 20), latencyMsP50: round(latencies[calls >> 1]!), latencyMsP99: round(latencies[Math.floor(calls * 0.99)]!),
    }))
  } finally {
    for (const child of [receiver, simulators] as ChildProcess[]) child.disconnect()
  }
}

async function load(ratePerSecond: number, seconds: number, run: string): Promise<number[]> {
  const agent = new Agent({ connections: 4, pipelining: 1 })
  const targets = Object.values(hosts)
  const latencies: number[] = []
  const calls: Promise<void>[] = []
  const beganAt = performance.now()
  for (let i = 0; i < ratePerSecond * seconds; i += 1) {
    const due = beganAt + i * 1000 / ratePerSecond - performance.now()
    if (due > 1) await sleep(due)
    calls.push(call(i))
  }
  await Promise.all(calls)
  await agent.close()
  return latencies

  async function call(i: number): Promise<void> {
    const sentAt = performance.now()
    const { statusCode, body } = await agent.request({
      origin: `http://${targets[i % targets.length]}:8080`, path: '/desk/dossiers', method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        reference: `sync-${run}.${i}.push.0123456789`, dossierCode: `H01-260410-${run === 'run' ? 1 : 2}${i}`, procedureCode: '9.900001', applicantId: '999000042171',
        applicantName: 'Người Thử 004217 Nguyễn Văn', applicantBirthDate: '1980-01-01', status: 'received', note: '',
      }),
    })
    const answer = await body.json() as { sync?: string }
    if (statusCode !== 201 || answer.sync !== 'acknowledged') throw new Error(`${statusCode} ${JSON.stringify(answer)}`)
    latencies.push(performance.now() - sentAt)
  }
}

async function stats(): Promise<{ cpuMs: number; rssBytes: number }> {
  return (await fetch(`http://127.${SLOT}.7.1:9090/stats`)).json() as Promise<{ cpuMs: number; rssBytes: number }>
}

async function cpuShare(forMs: number): Promise<number> {
  const before = await stats()
  await sleep(forMs)
  return ((await stats()).cpuMs - before.cpuMs) / forMs
}

function round(value: number): number { return Math.round(value * 1000) / 1000 }
