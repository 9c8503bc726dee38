import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cacheSettings, ResolverAgentConfig, unboundConfig } from './config.ts'
import { resolverSpec } from './spec.ts'
import { unboundControl } from './unbound-control.ts'

const CONFIG = { id: 'resolver-north', profile: 'honest' as const, zone: 'dvcqg.test', authority: { host: '10.160.4.9' }, timeScale: 140 }

test('Unbound asks the authority for the zone and refuses the rest', () => {
  const text = unboundConfig(ResolverAgentConfig.parse(CONFIG))
  expect(text).toMatch(/stub-zone:\n {2}name: "dvcqg\.test\."\n {2}stub-addr: 10\.160\.4\.9@53/)
  expect(text).toMatch(/local-zone: "\." refuse\n {2}local-zone: "dvcqg\.test\." transparent/)
})

test.each([
  { profile: 'honest' as const, timeScale: 140, settings: { 'cache-min-ttl': '0', 'serve-expired': 'no' } },
  { profile: 'ttl-floor' as const, timeScale: 140, settings: { 'cache-min-ttl': '2', 'serve-expired': 'no' } },
  { profile: 'ttl-floor' as const, timeScale: 1, settings: { 'cache-min-ttl': '5' } },
  { profile: 'serve-stale' as const, timeScale: 140, settings: { 'cache-min-ttl': '0', 'serve-expired': 'yes', 'serve-expired-ttl': '617', 'serve-expired-reply-ttl': '1', 'serve-expired-client-timeout': '0' } },
])('$profile at × $timeScale', ({ profile, timeScale, settings }) => { expect(cacheSettings(profile, timeScale)).toMatchObject(settings) })

describe('nothing gets into the configuration that could end a word of it', () => {
  test.each([
    { zone: 'dvcqg.test"\ninclude: x' }, { zone: 'DVCQG.test' }, { zone: 'dvcqg.test.' }, { zone: '-a.test' }, { authority: { host: 'a@b' } }, { authority: { host: '10.0.0.1', port: 0 } },
    { profile: 'greedy' }, { timeScale: 0 }, { id: 'x y' },
  ])('%j is refused', (change) => {
    expect(ResolverAgentConfig.safeParse({ ...CONFIG, ...change }).success).toBe(false)
    expect(() => resolverSpec({ ...CONFIG, ...change } as never, [])).toThrow()
  })
})

describe('control', () => {
  async function answering(answer: string, use: (path: string) => Promise<void>): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'unbound-'))
    const path = join(directory, 'control')
    let asked = ''
    const server = createServer((socket) => socket.on('data', (piece) => { asked += String(piece); socket.end(answer) })).listen(path)
    await once(server, 'listening')
    try { await use(path) } finally {
      server.close()
      await rm(directory, { recursive: true })
    }
    return asked
  }

  test('a command is one line with its version, data follow', async () => {
    const asked = await answering('ok\n', async (path) => { expect(await unboundControl(path, 'load_cache', ['a', 'EOF'])).toBe('ok\n') })
    expect(asked).toBe('UBCT1 load_cache\na\nEOF\n')
  })
  test('what Unbound refuses throws with its words', async () => {
    await answering('error unknown command\n', (path) => expect(unboundControl(path, 'nothing')).rejects.toThrow('Unbound refuses "nothing": error unknown command'))
  })
  test.each([['flush a\nreload', []], ['load_cache', ['a\r\nb']]] as const)('a command of two lines is not sent: %j', async (command, data) => {
    await expect(unboundControl('/nowhere', command, data)).rejects.toThrow('one line')
  })
})
