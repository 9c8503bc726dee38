/** Target files as operators write them: what is refused with which words, secrets that are looked for, permissions that hold before anything is sent. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { run } from '../run.ts'
import { testWorld, type TestWorld } from '../testing/world.ts'
import { loadTarget } from './load-target.ts'
import { openUntil, windowProblem } from './window.ts'

const EXAMPLE = fileURLToPath(new URL('../../docs/examples/staging-target.yaml', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
/** Saturday, 18/4/2026, 23:00 in Vietnam. */
const NIGHT = Date.parse('2026-04-18T23:00:00+07:00')
const ENV = { STAGING_PORTAL_KEY: 'canary-portal-key', STAGING_COORDINATION_TOKEN: 'canary-token', BANK_KEY: 'canary-bank', SMS_KEY: 'canary-sms' }

let directory: string
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'target-')) })
afterEach(() => rmSync(directory, { recursive: true, force: true }))

type Yaml = Record<string, any>
const example = () => parse(readFileSync(EXAMPLE, 'utf8')) as Yaml
const systemOf = (target: Yaml, id: string): Yaml => target['systems'].find((one: Yaml) => one['id'] === id)

function secretsFile(mode = 0o600): void {
  const config = join(directory, '.config', 'tongduyet')
  mkdirSync(config, { recursive: true })
  const file = join(config, 'staging.env')
  writeFileSync(file, ['PORTAL_DATABASE', 'PORTAL_READER', 'LEGACY_DATABASE', 'LEGACY_READER'].map((name) => `${name}=postgresql://reader:canary-${name.toLowerCase()}@10.20.9.1:5432/x`).join('\n') + '\nHA_NOI_KEY=canary-ha-noi\n')
  chmodSync(file, mode)
}

function write(target: Yaml): string {
  const file = join(directory, 'staging.yaml')
  writeFileSync(file, stringify(target))
  return file
}

const world = (changes: Partial<TestWorld> = {}) => testWorld({ cwd: directory, env: { HOME: directory, ...ENV }, nowMs: () => NIGHT, ...changes })

async function linted(change: (target: Yaml) => void): Promise<string> {
  const target = example()
  change(target)
  const own = world()
  expect(await run(['lint', write(target)], own), own.out()).toBe(254)
  return own.err()
}

describe('a target file', () => {
  it('like the one in the documents is in order', async () => {
    const own = world()
    expect(await run(['lint', EXAMPLE], own), own.err()).toBe(0)
  })

  it.each<[string, (target: Yaml) => void, RegExp]>([
    ['an unknown role', (target) => { systemOf(target, 'portal')['role'] = 'portl' }, /TARGET_ROLE_UNKNOWN: .*"portl" · staging\.yaml:\d+:\d+ systems\[0\]\.role · did you mean "portal"\?/],
    ['an unknown key', (target) => { systemOf(target, 'portal')['ur'] = 'x' }, /KEY_UNKNOWN: unknown key "ur".*did you mean "url"\?/],
    ['an id that does not fit its role', (target) => { systemOf(target, 'vneid')['id'] = 'idp' }, /TARGET_ID_UNFIT: the vneid is called "idp" .*call it vneid/],
    ['an id that stands twice', (target) => { target['systems'].push({ ...systemOf(target, 'vneid') }) }, /NAME_TWICE: system "vneid" stands twice/],
    ['a partner that nobody knows', (target) => { systemOf(target, 'partner-justice')['id'] = 'partner-justise' }, /PARTNER_UNKNOWN: .*did you mean "justice"\?/],
    ['a region that nobody knows', (target) => { target['regions'][2]['id'] = 'sout' }, /REGION_UNKNOWN: .*did you mean "south"\?/],
    ['a database address with its password', (target) => { systemOf(target, 'portal')['database'] = 'postgresql://u:canary-inline@10.20.9.1/x' }, /TARGET_SECRET_INLINE: the database's address stands in the file itself/],
    ['credentials in a url', (target) => { systemOf(target, 'portal')['url'] = 'https://u:canary-inline@10.20.2.20' }, /TARGET_SECRET_INLINE: credentials of "portal" stand/],
    ['a token as it is', (target) => { systemOf(target, 'coordination')['auth']['token'] = 'canary-inline' }, /TARGET_SECRET_INLINE: .*env:NAME, file:PATH or file:PATH#NAME/],
    ['a host outside the allow-list', (target) => { systemOf(target, 'payments')['url'] = 'http://192.0.2.7' }, /TARGET_NOT_ALLOWED: url of system "payments" is at 192\.0\.2\.7/],
    ['an export outside the allow-list', (target) => { systemOf(target, 'coordination')['read']['url'] = 'http://192.0.2.8' }, /TARGET_NOT_ALLOWED: read\.url of system "coordination" is at 192\.0\.2\.8/],
    ['a control outside the allow-list', (target) => { systemOf(target, 'portal')['control']['mode.open']['url'] = 'http://192.0.2.9' }, /TARGET_NOT_ALLOWED: control\.mode\.open of system "portal"/],
    ['an entry of the allow-list that is none', (target) => { target['allow'].push('10.0.0.0/40') }, /VALUE_INVALID: allow\[2\] is "10\.0\.0\.0\/40"/],
    ['a status that there is not', (target) => { systemOf(target, 'portal')['read']['records'][0]['statuses']['XONG'] = 'finished' }, /TARGET_STATUS_UNKNOWN: "XONG" means "finished"/],
    ['a personal field that is not mapped', (target) => { systemOf(target, 'portal')['read']['records'][0]['personal'] = ['citizen'] }, /personal names "citizen"/],
    ['a query that writes', (target) => { systemOf(target, 'portal')['read']['records'][0]['query'] = 'delete from ho_so' }, /VALUE_INVALID: .*one SELECT/],
    ['no portal', (target) => { target['systems'] = target['systems'].filter((one: Yaml) => one['role'] !== 'portal') }, /TARGET_SYSTEM_MISSING: there is no portal/],
    ['a simulated partner that is nowhere', (target) => { delete target['simulators']['hosts']['sms'] }, /TARGET_SYSTEM_MISSING: "sms" is simulated, but nothing says where/],
    ['identities that are no pattern', (target) => { target['may']['identities'] = '^(' }, /may\.identities is no regular expression/],
    ['an administration interface that is not there', (target) => { systemOf(target, 'payments')['read'] = { by: 'admin' } }, /KEY_MISSING: "payments" has no administration interface to be read by/],
  ])('with %s is refused, with its place', async (_, change, says) => {
    const err = await linted(change)
    expect(err).toMatch(says)
    expect(err).not.toContain('canary')
  })

  it('has all its mistakes told at once', async () => {
    const err = await linted((target) => { systemOf(target, 'payments')['url'] = 'http://192.0.2.7'; systemOf(target, 'vneid')['id'] = 'idp'; target['regions'][0]['id'] = 'x' })
    expect(err.trim().split('\n')).toHaveLength(3)
  })
})

describe('secrets', () => {
  const load = (own = world()) => loadTarget(own, write(example()))
  it('are found in the environment and in files, and stand in nothing but memory', () => {
    secretsFile()
    const loaded = load()
    expect(loaded.secrets.of('env:STAGING_PORTAL_KEY')).toBe('canary-portal-key')
    expect(loaded.access.blot('x canary-portal-key y canary-portal_reader z')).toBe('x ••• y ••• z')
    const { systems, ...rest } = loaded.value
    expect(JSON.stringify([rest, systems.map(({ database: _, ...system }) => system)])).not.toContain('canary')
  })
  it.each<[string, () => TestWorld, RegExp]>([
    ['a variable that is not set', () => { secretsFile(); return world({ env: { HOME: directory, ...ENV, BANK_KEY: undefined } }) }, /TARGET_SECRET_MISSING: the environment variable BANK_KEY is not set · staging\.yaml:\d+:\d+ simulators\.keys\.bank-vcb · set it/],
    ['a file that is not there', () => world(), /TARGET_SECRET_MISSING: ".*staging\.env" cannot be read: ENOENT/],
    ['a file that others can read', () => { secretsFile(0o644); return world() }, /TARGET_SECRET_OPEN: .*mode 644.*chmod 600/],
    ['a file in the checkout', () => { secretsFile(); return world({ root: directory }) }, /TARGET_SECRET_IN_CHECKOUT/],
  ])('%s is told', (_, prepare, says) => { const own = prepare(); expect(() => load(own)).toThrow(says) })
  it('a line that the file does not have is told, with what it has', () => {
    secretsFile()
    const target = example()
    systemOf(target, 'portal')['database'] = 'file:~/.config/tongduyet/staging.env#PORTAL_DATABAS'
    expect(() => loadTarget(world(), write(target))).toThrow(/has no line PORTAL_DATABAS=….*did you mean "PORTAL_DATABASE"\?/)
  })
  it('a database behind a secret must be allowed too', () => {
    secretsFile()
    const file = join(directory, '.config', 'tongduyet', 'staging.env')
    writeFileSync(file, readFileSync(file, 'utf8').replace('PORTAL_READER=postgresql://reader:canary-portal_reader@10.20.9.1', 'PORTAL_READER=postgresql://reader:canary-portal_reader@192.0.2.5'))
    expect(() => load()).toThrow(/TARGET_NOT_ALLOWED: the database of system "portal" is at 192\.0\.2\.5/)
    expect(() => load()).not.toThrow(/canary/)
  })
})

const PREPARED = { stack: 'containers', runbook: 'night-2026-04-10', profile: 'smoke', cutover: true, legacyDossiers: 2_000 }

describe('a run that does not fit the target', () => {
  /** The example, with everything that the night needs, at time scale 1. */
  function fitting(change: (target: Yaml) => void = () => {}): Yaml {
    const target = example()
    target['may'] = { ...target['may'], ratePerSecond: 100_000, window: undefined }
    target['timeScale'] = 10_000
    target['systems'].push({ id: 'bank-bidv', role: 'bank', mode: 'real', unit: 'bank', url: 'http://10.20.2.40' })
    change(target)
    return target
  }
  async function refused(change: (target: Yaml) => void, args: string[] = [], own = world()): Promise<string> {
    secretsFile()
    const code = await run(['rehearse', '--target', write(fitting(change)), '--profile', 'smoke', '--out', join(directory, 'runs'), ...args], own)
    expect(code, own.err()).toBe(254)
    expect(readdirSync(directory), 'nothing was started').not.toContain('runs')
    expect(own.err()).not.toContain('canary')
    return own.err()
  }
  it.each<[string, (target: Yaml) => void, string[], RegExp]>([
    ['it may only be read', (target) => { target['may']['write'] = false }, [], /TARGET_READ_ONLY: the target "staging of the portal" may only be read/],
    ['a file says nothing of what may be done', (target) => { delete target['may'] }, [], /TARGET_READ_ONLY/],
    ['a system may only be read', (target) => { systemOf(target, 'vneid')['may'] = { write: false } }, [], /TARGET_READ_ONLY: the load plays login, which writes to "vneid"/],
    ['its clocks do not follow', (target) => { target['timeScale'] = 1 }, ['--time-scale', '1100'], /TARGET_TIME_SCALE: .*follow at most 1/],
    ['its hours are over', (target) => { target['may']['window'] = { from: '01:00', to: '05:00' } }, [], /TARGET_WINDOW_CLOSED: it is 23:00 in Vietnam; .*01:00 to 05:00/],
    ['it would go on after its hours', (target) => { target['may']['window'] = { from: '22:00', to: '23:01' } }, ['--time-scale', '100'], /TARGET_WINDOW_CLOSED: the run lasts .* after 23:01/],
    ['the load is too heavy', (target) => { target['may']['ratePerSecond'] = 5 }, [], /TARGET_RATE: the load sends about \d+ requests a second .* allows 5/],
    ['other people would act', (target) => { target['may']['identities'] = '^001' }, [], /TARGET_IDENTITY: the load acts for 999\d+, who is none of the test identities/],
    ['a region has no gateway', (target) => { target['regions'].pop() }, [], /TARGET_REGION_MISSING: .*"south"/],
    ['a system is missing', (target) => { target['systems'] = target['systems'].filter((one: Yaml) => one['id'] !== 'vneid') }, [], /TARGET_SYSTEM_MISSING: the load plays login, which needs "vneid"/],
    ['a step is not offered', (target) => { delete systemOf(target, 'portal')['control'] }, [], /TARGET_STEP_NOT_OFFERED: step "open-portal" \(portal\.open\) cannot be done there: .*"mode\.open".*by: confirm/],
    ['a step is not allowed', (target) => { target['may']['control'] = false }, [], /TARGET_STEP_NOT_ALLOWED: step "open-portal"/],
    ['DNS cannot be switched', (target) => { delete target['dns'] }, [], /TARGET_STEP_NOT_OFFERED: step "switch-dns" .*the target has no dns-authority · .*say under "dns:"/],
    ['the migration has no database', (target) => { delete systemOf(target, 'legacy')['database'] }, [], /TARGET_STEP_NOT_OFFERED: step "\S*" \(migration\.bulk\) .*no database of "legacy"/],
    ['a stack was started for more old dossiers', (target) => { target['prepared'] = { ...PREPARED, profile: 'night', legacyDossiers: 50_000 } }, [], /TARGET_PREPARED_OTHERWISE: the stack was started for profile "night" with 50000 old dossiers, .* the 2000 of "smoke" · \S+ prepared · run with --profile night, or .*stack up night-2026-04-10 --profile smoke --target containers/],
    ['a stack was started for a load', (target) => { target['prepared'] = { ...PREPARED, cutover: false } }, [], /TARGET_PREPARED_OTHERWISE: the stack was started for a load without a cutover, the run is a cutover/],
    ['a fault may not be planted', () => {}, ['--fault', 'sync-lost'], /TARGET_FAULT_NOT_ALLOWED: "sync-lost" may not be planted at the target .*plant one of: dns-uneven/],
    ['a fault cannot be planted', (target) => { target['may']['faults'] = 'all' }, ['--fault', 'overload'], /TARGET_FAULT_NOT_POSSIBLE: "overload" cannot be planted there: "portal" has no administration interface/],
  ])('is refused where %s, before anything starts', async (_, change, args, says) => {
    expect(await refused(change, args)).toMatch(says)
  })

  it('is not refused for what a stack was started for where it is the run\'s, whose profile it then is', async () => {
    const err = await refused((target) => { target['prepared'] = PREPARED; target['may']['write'] = false })
    expect(err).not.toContain('PREPARED')
    secretsFile()
    const own = world()
    const file = write(fitting((target) => { target['prepared'] = { ...PREPARED, profile: 'no-such-profile' } }))
    expect(await run(['rehearse', '--target', file], own)).toBe(254)
    expect(own.err()).toMatch(/PROFILE_UNKNOWN: profile "no-such-profile" is not known · \S+\.yaml:\d+/)
  })

  it('what a person does is not forbidden to the harness', async () => {
    const err = await refused((target) => { target['may'] = { ...target['may'], control: false, write: false } })
    expect(err).not.toMatch(/"freeze/)
  })

  it('takes the time scale that the target allows where nobody asked for another', async () => {
    // At time scale 1 the night lasts seven hours, longer than the hours that are left.
    expect(await refused((target) => { target['timeScale'] = 1; target['may']['window'] = { from: '22:00', to: '05:00' } })).toMatch(/TARGET_WINDOW_CLOSED: the run lasts 7h/)
  })
})

describe('the hours of a target', () => {
  const at = (text: string) => Date.parse(`2026-04-${text}+07:00`)
  const night = { from: '22:00', to: '05:00' }
  it.each<[string, Parameters<typeof openUntil>[0], string, string | null]>([
    ['before midnight', night, '18T23:00', '19T05:00'], ['after midnight', night, '19T04:59', '19T05:00'], ['at their end', night, '19T05:00', null], ['in the day', night, '19T12:00', null],
    ['on a day of theirs', { ...night, days: ['sat'] }, '18T23:00', '19T05:00'], ['in the night that began on a day of theirs', { ...night, days: ['sat'] }, '19T01:00', '19T05:00'],
    ['on another day', { ...night, days: ['mon'] }, '18T23:00', null], ['all day', { from: '00:00', to: '00:00' }, '18T12:00', '19T00:00'],
  ])('%s', (_, window, moment, until) => expect(openUntil(window, at(moment))).toBe(until === null ? null : at(until)))
  it('a run must fit in whole', () => {
    expect(windowProblem(night, at('18T23:00'), 3_600_000)).toBeNull()
    expect(windowProblem(night, at('19T04:30'), 3_600_000)).not.toBeNull()
    expect(windowProblem(undefined, at('18T12:00'), 3_600_000)).toBeNull()
  })
})

it('the checkout is told from what merely begins with its name', async () => {
  const { isInside } = await import('./secrets.ts')
  expect(isInside(root, join(root, 'package.json'))).toBe(true)
  expect(isInside(root, directory)).toBe(false)
})
