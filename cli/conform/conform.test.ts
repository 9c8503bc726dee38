/** `tongduyet conform` and `verify` from the command line: partners of `tongduyet mocks`, the product's own, files, exit codes, bad input. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Fixture } from '../../conform/fixture.ts'
import { verifySeal } from '../../conform/seal.ts'
import { InputError } from '../../contracts/error.ts'
import { ConformResult } from '../../conform/result.ts'
import { serveMocks, type ServedMocks } from '../mocks/testing/served.ts'
import { run } from '../run.ts'
import { readKnownKeys, readResult } from './read.ts'
import { testWorld, type TestWorld } from '../testing/world.ts'

let directory: string
let world: TestWorld
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'conform-')); world = testWorld({ cwd: directory }) })
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const conform = (...args: string[]) => run(['conform', ...args, '--out', join(directory, 'out'), '--lang', 'en'], world)
const folder = () => join(directory, 'out', readdirSync(join(directory, 'out'))[0]!)
const resultFile = () => join(folder(), 'result.json')
const result = () => ConformResult.parse(JSON.parse(readFileSync(resultFile(), 'utf8')))
function write(name: string, text: string): string {
  writeFileSync(join(directory, name), text)
  return name
}
function keys(): { secret: string; known: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { secret: write('vendor.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()), known: write('vendor.pub.pem', publicKey.export({ type: 'spki', format: 'pem' }).toString()) }
}

describe('against the partners of tongduyet mocks', () => {
  let served: ServedMocks
  beforeAll(async () => { served = await serveMocks('--partners', 'ha-noi,sms') })
  afterAll(async () => { expect(await served.end()).toBe(0) })

  it('a province scores 100 % without any fixture; what it would push elsewhere lowers the index', async () => {
    expect(await conform('province', '--url', served.at('partner-ha-noi')), world.out()).toBe(0)
    const { summary, about, testData } = result()
    expect(summary).toMatchObject({ score: 100, broken: 0, faulted: 0 })
    expect(summary.index).toBeGreaterThan(80)
    expect(summary.notTriggerable).toBeGreaterThan(0)
    expect(about).toMatchObject({ partner: 'partner-ha-noi', role: 'province', contract: { role: 'dossier-system', version: '1.0', profile: null } })
    expect(testData.length).toBeGreaterThan(20)
    expect(world.out()).toMatch(/Score 100 % .* Index \d+/)
    expect(readdirSync(folder()).sort()).toEqual(['index.html', 'junit.xml', 'result.json'])
    expect(readFileSync(join(folder(), 'junit.xml'), 'utf8')).toMatch(/<testsuite name="receive"[\s\S]*<skipped/)
    expect(readFileSync(join(folder(), 'index.html'), 'utf8')).toContain('Score<b>100 %</b>')
  })

  it('a signed result is verified, an altered one refused, and the matrix says who is ready', async () => {
    const { secret, known } = keys()
    expect(await conform('sms', '--url', served.at('sms'), '--key', secret), world.out()).toBe(0)
    expect(await run(['verify', resultFile(), '--signed', '--known', known], world)).toBe(0)
    expect(await run(['verify', resultFile(), '--lang', 'en'], world)).toBe(0)
    expect(world.out()).toContain('self-declared')
    expect(await run(['verify', dirname(resultFile()), '--lang', 'en'], world), world.err()).toBe(0)
    expect(await run(['verify', resultFile(), '--signed'], world)).toBe(1)
    expect(await run(['conform', '--matrix', resultFile(), '--known', `sms=${known}`, '--lang', 'en'], world)).toBe(0)
    expect(world.out()).toMatch(/sms +sms 1\.0 +signed +ready +ready/)
    // Whose the key is decides; it has to be said.
    expect(await run(['conform', '--matrix', resultFile(), '--known', known, '--lang', 'en'], world)).toBe(254)
    expect(world.err()).toMatch(/CONFORM_KEY_UNBOUND: it is not said whose key .*vendor\.pub\.pem is · --known · write --known PARTNER=/)
    const other = write('keys.yaml', `version: 1\nkeys:\n  - { partners: [hue, bank-vcb], file: ${known} }\n`)
    expect(await run(['verify', resultFile(), '--known', other], world)).toBe(1)
    expect(world.err()).toMatch(/CONFORM_RESULT_FOREIGN: it is of "sms", but signed with the key of hue, bank-vcb/)
    expect(await run(['conform', '--matrix', resultFile(), '--known', other, '--lang', 'en'], world)).toBe(2)
    expect(world.out()).toMatch(/sms +sms 1\.0 +another partner's key.* not tested/)
    expect(await run(['conform', '--matrix', resultFile(), '--lang', 'en'], world)).toBe(2)
    expect(world.out()).toMatch(/sms +sms 1\.0 +self-declared +not tested +not tested/)
    expect(await run(['conform', '--matrix', resultFile(), '--accept-self-declared', '--lang', 'en'], world)).toBe(0)
    expect(world.out()).toMatch(/sms +sms 1\.0 +self-declared +ready with waiver +ready with waiver/)
    writeFileSync(resultFile(), readFileSync(resultFile(), 'utf8').replace('"partner": "sms"', '"partner": "bank-vcb"'))
    expect(await run(['verify', resultFile(), '--known', known], world)).toBe(1)
    expect(world.err()).toMatch(/CONFORM_RESULT_ALTERED: "about" does not have the hash/)
    expect(await run(['conform', '--matrix', resultFile(), '--lang', 'en'], world)).toBe(2)
    expect(world.out()).toMatch(/bank-vcb +sms 1\.0 +altered.* not tested/)
    expect(await run(['conform', '--matrix', resultFile(), '--partner', 'hue', '--lang', 'en'], world)).toBe(2)
    expect(world.out()).toMatch(/hue +– +–.* not tested/)
  })

  it('what is broken fails, names exchange and smallest request, and makes the partner not ready', async () => {
    const fixture = write('wrong-key.yaml', 'version: 1\npartner: sms\nkeys:\n  system: { env: SMS_KEY }\n')
    world.env = { ...world.env, SMS_KEY: 'not the key of this gateway' }
    expect(await conform('sms', '--url', served.at('sms'), '--fixture', fixture, '--only', 'sms.receipt')).toBe(1)
    expect(world.out()).toMatch(/✗ sms\.receipt\.signed: A receipt is signed[\s\S]*expected: a signature that fits[\s\S]*smallest request: curl -i -X POST/)
    expect(world.out() + readFileSync(resultFile(), 'utf8')).not.toContain('not the key of this gateway')
    expect(result().outcomes.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)).toEqual(['sms.receipt.signed'])
    expect(await run(['conform', '--matrix', resultFile()], world)).toBe(1)
  })
})

it('a result of which a single byte is another is refused, or says the same', async () => {
  const { secret, known } = keys()
  expect(await conform('sms', '--reference', '--only', 'sms.state.unknown', '--key', secret), world.out()).toBe(0)
  const whole = readFileSync(resultFile())
  const keysOf = readKnownKeys([`reference=${known}`], directory)
  const label = (bytes: Uint8Array): string => {
    writeFileSync(join(directory, 'altered.json'), bytes)
    try { return verifySeal(readResult(join(directory, 'altered.json')), 'f', keysOf).label } catch (error) {
      if (error instanceof InputError) return 'no result'
      throw error
    }
  }
  expect(label(whole)).toBe('signed')
  const taken: string[] = []
  for (let at = 0; at < whole.length; at += 1) {
    // A bit that goes round from byte to byte, and the one that makes another case of a letter.
    for (const bit of [1 << at % 8, 32]) {
      // Blanks between the parts say nothing.
      if (/\s/.test(String.fromCharCode(whole[at]!)) && /\s/.test(String.fromCharCode(whole[at]! ^ bit))) continue
      const altered = whole.with(at, whole[at]! ^ bit)
      if (!['altered', 'no result'].includes(label(altered))) taken.push(`${at}: ${whole.subarray(Math.max(0, at - 20), at + 20).toString('utf8')}`)
    }
  }
  expect(taken).toEqual([])
  const text = whole.toString('utf8')
  for (const [from, to] of [['"held":', '"held": 7, "held":'], ['"kind": "conformance"', '"kind": "other", "kind": "conformance"'], ['"reference"', '"refer\\u0065nce"']] as const) expect(label(Buffer.from(text.replace(from, to))), to).toBe('no result')
  expect(label(Buffer.from(text.slice(0, -30)))).toBe('no result')
  expect(label(Buffer.from(JSON.stringify(JSON.parse(text))))).toBe('signed')
})

it('the product\'s own, as JSON', async () => {
  expect(await conform('sms', '--reference', '--only', 'send.', '--json')).toBe(0)
  expect(JSON.parse(world.out())).toMatchObject({ kind: 'conformance', summary: { score: 100, broken: 0 }, about: { part: ['send.'] } })
})

it('an interrupt ends it', async () => {
  const running = conform('bank', '--reference')
  setImmediate(() => world.interrupt())
  expect(await running).toBe(130)
})

it('an interrupt breaks off what is under way, leaves no result, and says what may be left in the system', async () => {
  const ids: string[] = []
  const system = createHttpServer((request, response) => {
    if (request.method === 'GET') { response.end(); return }
    let body = ''
    request.on('data', (piece) => { body += String(piece) }).on('end', () => {
      const [, id] = /"messageId":"(tdc-[^"]+)"/.exec(body) ?? []
      if (id) ids.push(id)
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"gatewayId":"g"}')
      // Its receipts never come: checks wait for them.
      if (ids.length >= 6) setImmediate(() => world.interrupt())
    })
  }).listen(0, '127.0.0.1')
  await once(system, 'listening')
  try {
    expect(await conform('sms', '--url', `http://127.0.0.1:${(system.address() as AddressInfo).port}`, '--only', 'sms.receipt')).toBe(130)
    expect(readdirSync(directory)).not.toContain('out')
    expect(world.err()).toContain(`message ${ids[0]}`)
  } finally {
    system.closeAllConnections()
    system.close()
  }
})

describe('nothing is claimed', () => {
  it('where nobody answers', async () => {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as AddressInfo
    probe.close()
    await once(probe, 'close')
    expect(await conform('sms', '--url', `http://127.0.0.1:${port}`)).toBe(2)
    expect(world.err()).toMatch(/CONFORM_UNREACHABLE: nobody answers at .*ECONNREFUSED/)
  })
})

describe('bad input', () => {
  it.each<[string, string[], RegExp]>([
    ['an unknown role', ['provinse', '--url', 'http://127.0.0.1:1'], /CONFORM_ROLE_UNKNOWN: role "provinse".*did you mean "province"\?/],
    ['no system', ['province'], /CONFORM_OPTION_CONFLICT/],
    ['two systems', ['province', '--url', 'http://127.0.0.1:1', '--reference'], /CONFORM_OPTION_CONFLICT/],
    ['an address with a password', ['sms', '--url', 'http://a:b@127.0.0.1'], /CONFORM_URL_INVALID: the address holds/],
    ['an address that is none', ['sms', '--url', 'ftp://x'], /CONFORM_URL_INVALID/],
    ['a host that is not allowed', ['sms', '--url', 'http://192.0.2.1:80'], /CONFORM_URL_NOT_ALLOWED: 192\.0\.2\.1/],
    ['a fixture that is not there', ['sms', '--reference', '--fixture', 'none.yaml'], /FILE_MISSING/],
    ['a receiver that is no address', ['sms', '--reference', '--receiver', 'here'], /NUMBER_INVALID/],
    ['a key that is none', ['sms', '--reference', '--key', 'wrong.yaml'], /CONFORM_KEY_UNUSABLE/],
    ['a result that is none', ['--matrix', 'wrong.yaml'], /CONFORM_RESULT_UNREADABLE/],
    ['a requirement that there is not', ['sms', '--reference', '--only', 'send.goods'], /CONFORM_REQUIREMENT_UNKNOWN: no requirement begins with "send\.goods".*did you mean "send\.good"\?/],
    ['a language it does not speak', ['sms', '--reference', '--lang', 'fr'], /LANGUAGE_UNKNOWN/],
  ])('%s', async (_, args, expected) => {
    write('wrong.yaml', 'version: 1\nratecap: 5\nwaits: { answerMs: soon }\n')
    expect(await run(['conform', ...args, '--out', join(directory, 'out')], world)).toBe(254)
    expect(world.err()).toMatch(expected)
    expect(readdirSync(directory)).not.toContain('out')
  })

  it('all mistakes of a fixture at once, each with its line; secrets that are not set', async () => {
    expect(await conform('sms', '--reference', '--fixture', write('f.yaml', 'version: 1\nratecap: 5\nwaits: { answerMs: soon }\n'))).toBe(254)
    expect(world.err()).toMatch(/KEY_UNKNOWN: unknown key "ratecap" · .*f\.yaml:2:1 ratecap · did you mean "rateCap"\?/)
    expect(world.err()).toMatch(/VALUE_INVALID: waits\.answerMs is "soon" · .*f\.yaml:3:/)
    expect(await conform('sms', '--reference', '--fixture', write('g.yaml', 'version: 1\nkeys: { system: { env: NO_SUCH_KEY } }\n'))).toBe(254)
    expect(world.err()).toMatch(/CONFORM_SECRET_MISSING: the environment variable NO_SUCH_KEY is not set · .*keys\.system/)
  })

  it.each(['conform', 'verify'])('%s --help has examples', async (command) => {
    expect(await run([command, '--help'], world)).toBe(0)
    expect(world.out()).toContain('Examples:')
  })
})

it('the fixture in the docs is one', async () => {
  const { parse } = await import('yaml')
  const [, text] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(join(world.root, 'docs/conform.md'), 'utf8'))!
  expect(Fixture.parse(parse(text!)).partner).toBe('ha-noi')
})
