/**
 * WireMock standalone with so many stubs, as a child process whose CPU time the operating system tells. Brought from Maven Central by Maven itself into
 * `.cache/`; where Java, Maven, the artefact or /proc is not there, the reason is given instead.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../../contracts/free-port.ts'
import { PATH } from './ledger-route.ts'
import type { Measured } from './measured.ts'

const ARTEFACT = 'org.wiremock:wiremock-standalone'
const VERSION = '3.13.1'
const FOLDER = fileURLToPath(new URL('../../.cache/wiremock/', import.meta.url))
const JAR = `${FOLDER}wiremock-standalone-${VERSION}.jar`
/** The kernel's clock ticks, in which /proc counts CPU time (proc(5)); 100 on every Linux that Node runs on. */
const US_PER_TICK = 10_000
const START_TRIES = 300

const run = promisify(execFile)

export async function startWireMock(stubs: number): Promise<{ server: Measured; stop: () => Promise<void> } | { skipped: string }> {
  if (!existsSync('/proc/self/stat')) return { skipped: 'no /proc to read the CPU time of another process from' }
  const java = await run('java', ['-version']).then(() => true, () => false)
  if (!java) return { skipped: 'no Java on this machine' }
  const failure = await provideJar()
  if (failure !== undefined) return { skipped: failure }
  const port = await freePort()
  const child = spawn('java', ['-jar', JAR, '--port', String(port), '--bind-address', '127.0.0.1', '--disable-banner', '--disable-gzip', '--max-request-journal-entries', '1000'], { stdio: 'ignore' })
  const stop = () => end(child)
  try {
    await listening(port, child)
    for (let n = 0; n < stubs; n += 1) await addStub(port, n === 0 ? PATH : `/v1/other-${n}`)
  } catch (error) {
    await stop()
    return { skipped: `WireMock did not start: ${String(error)}` }
  }
  return { server: { port, cpuUs: async () => cpuUsOf(child.pid!) }, stop }
}

async function provideJar(): Promise<string | undefined> {
  if (existsSync(JAR)) return undefined
  return run('mvn', ['-q', '-B', 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy', `-Dartifact=${ARTEFACT}:${VERSION}`, `-DoutputDirectory=${FOLDER}`], { timeout: 300_000 })
    .then(() => existsSync(JAR) ? undefined : 'Maven gave no jar', (error: NodeJS.ErrnoException) => error.code === 'ENOENT' ? 'no Maven on this machine' : `Maven could not bring ${ARTEFACT}:${VERSION}`)
}

/** The first stub is the measured one: WireMock looks at the stub that was added last first, so it is found after all others. */
async function addStub(port: number, urlPath: string): Promise<void> {
  const mapping = {
    request: { method: 'POST', urlPath, bodyPatterns: [{ matchesJsonPath: '$.reference' }] },
    response: { status: 200, headers: { 'Content-Type': 'application/json' }, jsonBody: { number: 'VCB00000001', reference: 'pay-night.1.create.0123456789', amountVnd: 135_001, status: 'booked' } },
  }
  const { status } = await fetch(`http://127.0.0.1:${port}/__admin/mappings`, { method: 'POST', body: JSON.stringify(mapping) })
  if (status !== 201) throw new Error(`stub refused with ${status}`)
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < START_TRIES; tries += 1) {
    if (child.exitCode !== null) throw new Error(`java ended with ${child.exitCode}`)
    const ready = await fetch(`http://127.0.0.1:${port}/__admin/mappings`).then(({ ok }) => ok, () => false)
    if (ready) return
    await sleep(200)
  }
  throw new Error('not ready in time')
}

function cpuUsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) * US_PER_TICK
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
