/**
 * The disk of Docker full in the middle of a rehearsal: what the engine then answers to whatever is asked of it (its own words, from a real volume that is full) becomes one
 * coded error, everything is stopped and taken away, and the records so far are kept. The run speaks to its engine through a proxy that gives this answer once the plan is written.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request as ask } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runFolder } from '../../contracts/run-folder.ts'
import { RunOutcome } from '../../contracts/verdict.ts'
import { connectDocker, type Docker } from '../../stack/containers/docker.ts'
import { describeWithDocker } from '../../stack/containers/testing/docker-answers.ts'
import { thingsOf } from '../../stack/containers/testing/things-of.ts'
import { testWorld } from '../testing/world.ts'

const RUN_MS = 600_000
const ENGINE_SAYS = { message: 'Error processing tar file(exit status 1): write /data/big: no space left on device' }
const { root } = testWorld()

let out: string
beforeAll(() => { out = mkdtempSync(join(tmpdir(), 'disk-full-')) })
afterAll(() => rmSync(out, { recursive: true, force: true }))

/** Passes on all but what is `full`. Counts what it refused. */
async function engineBehind(path: string, docker: Docker, full: (method: string, url: string) => boolean) {
  const { socketPath } = docker.modem as { socketPath?: string }
  expect(socketPath).toBeDefined()
  let refused = 0
  const proxy = createServer((client, answer) => {
    if (full(client.method!, client.url!)) {
      refused += 1
      client.resume()
      answer.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(ENGINE_SAYS))
      return
    }
    const engine = ask({ socketPath, method: client.method, path: client.url, headers: client.headers }, (said) => { answer.writeHead(said.statusCode!, said.headers); answer.flushHeaders(); said.pipe(answer) })
    engine.on('error', () => answer.destroy())
    answer.on('close', () => engine.destroy())
    client.pipe(engine)
  })
  proxy.on('upgrade', (client, socket, head) => {
    const engine = connect({ path: socketPath! }, () => {
      engine.write(`${client.method} ${client.url} HTTP/1.1\r\n${client.rawHeaders.reduce((text, part, at) => at % 2 === 0 ? `${text}${part}: ` : `${text}${part}\r\n`, '')}\r\n`)
      engine.write(head)
      socket.pipe(engine).pipe(socket)
    })
    for (const end of [engine, socket]) end.on('error', () => { engine.destroy(); socket.destroy() })
  })
  proxy.listen(path)
  await once(proxy, 'listening')
  return { refused: () => refused, close: () => { proxy.closeAllConnections(); proxy.close() } }
}

describeWithDocker('a disk of Docker that becomes full in the middle of a rehearsal', () => {
  it('is one coded error, and leaves nothing but its records', async () => {
    const { docker } = await connectDocker()
    const path = join(out, 'docker.sock')
    // The load generators are the first that is made when the plan is written.
    const engine = await engineBehind(path, docker, (method, url) => method === 'POST' && /\/containers\/create\?.*name=tongduyet-[^&]*-k6-/u.test(url))
    try {
      const child = spawn(process.execPath, ['cli/bin.ts', 'rehearse', '--target', 'containers', '--profile', 'smoke', '--lang', 'en', '--out', join(out, 'runs')], { cwd: root, env: { ...process.env, DOCKER_HOST: `unix://${path}` }, stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      for await (const piece of child.stderr) said += String(piece)
      const exitCode = child.exitCode ?? (await once(child, 'exit') as [number])[0]
      expect(exitCode, said).toBe(255)
      expect(engine.refused()).toBeGreaterThan(0)
      expect(said.trim().split('\n').filter((line) => /^[A-Z_]+: /u.test(line)), said).toEqual([expect.stringMatching(/^DOCKER_DISK_FULL: starting k6-\w+: .*no space left on device · free space where Docker keeps its data/u)])
      const [runId] = readdirSync(join(out, 'runs'))
      const folder = runFolder(join(out, 'runs', runId!))
      expect(await thingsOf(docker, runId!)).toEqual([])
      expect([existsSync(folder.plan), existsSync(folder.journal), existsSync(join(folder.directory, 'tmp'))]).toEqual([true, true, false])
      expect(RunOutcome.parse(JSON.parse(readFileSync(folder.outcome, 'utf8'))).outcome).not.toBe('pass')
    } finally { engine.close() }
  }, RUN_MS)
})
