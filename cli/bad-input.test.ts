/** Bad input: one clear error each (code, what, where with line and column, what to do), all problems of a file at once, exit 254, nothing started. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from './run.ts'
import { testWorld, type TestWorld } from './testing/world.ts'

let directory: string
let world: TestWorld
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'bad-input-')); world = testWorld({ cwd: directory }) })
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const night = () => readFileSync(join(world.root, 'cutover/runbooks/night-2026-04-10.yaml'), 'utf8')
const smoke = () => readFileSync(join(world.root, 'scenarios/profiles/smoke.yaml'), 'utf8')

function write(name: string, text: string): string {
  writeFileSync(join(directory, name), text)
  return name
}

function replaced(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to)
  if (changed === text) throw new Error(`nothing to replace: ${String(from)}`)
  return changed
}

describe('lint finds in a runbook', () => {
  it.each<[string, (text: string) => string, RegExp]>([
    ['an unknown key', (text) => replaced(text, /^ {4}owner: /m, '    ownr: nobody\n    owner: '), /KEY_UNKNOWN: unknown key "ownr" · runbook\.yaml:\d+:\d+ steps\[0\]\.ownr · did you mean "owner"\?/],
    ['an unknown action', (text) => replaced(text, 'legacy.freeze:', 'legacy.freez:'), /"legacy\.freez".*runbook\.yaml:\d+:\d+ .*legacy\.freeze/],
    ['an unknown metric', (text) => replaced(text, /migration\.mismatches == 0/, 'migration.mismatch == 0'), /"migration\.mismatch".*runbook\.yaml:\d+:\d+ .*migration\.mismatches/],
    ['an unknown role', (text) => replaced(text, /owner: infrastructure/, 'owner: infrastrucure'), /"infrastrucure".*runbook\.yaml:\d+:\d+ .*infrastructure/],
    ['an unknown profile', (text) => replaced(text, /profile: night/, 'profile: nihgt'), /PROFILE_UNKNOWN: profile "nihgt" is not known · runbook\.yaml:\d+:\d+ load\.profile · did you mean "night"\?/],
    ['a wrong unit', (text) => replaced(text, /timeout: \d+m/, 'timeout: 20 minutes'), /VALUE_INVALID: steps\[\d+\]\.timeout is "20 minutes" · runbook\.yaml:\d+:\d+ .*a duration/],
    ['a wrong unit in a condition', (text) => replaced(text, /< 2%/, '< 2 percent'), /runbook\.yaml:\d+:\d+ .*%/],
    ['a missing key', (text) => replaced(text, /^window:.*$/m, ''), /KEY_MISSING: "window" is missing/],
    ['broken YAML', (text) => `${text}\n  - [`, /YAML_SYNTAX: .*runbook\.yaml:\d+:\d+/],
  ])('%s', async (_, damage, expected) => {
    expect(await run(['lint', write('runbook.yaml', damage(night()))], world)).toBe(254)
    expect(world.err()).toMatch(expected)
    expect(world.err()).not.toMatch(/\n\s+at /)
  })

  it('several mistakes at once', async () => {
    const text = replaced(replaced(night(), 'legacy.freeze:', 'legacy.freez:'), /owner: infrastructure/, 'owner: infrastrucure')
    expect(await run(['lint', write('runbook.yaml', text)], world)).toBe(254)
    expect(world.err()).toContain('legacy.freez"')
    expect(world.err()).toContain('infrastrucure')
    expect(world.out()).toMatch(/^[2-9]\d* problems/)
  })

  it('nothing in those that come with the product', async () => {
    const files = ['cutover/runbooks', 'scenarios/profiles', 'cutover/mappings', 'contracts/contract-profiles', 'contracts/contract-profiles/issuers'].flatMap((place) => readdirSync(join(world.root, place)).filter((name) => name.endsWith('.yaml')).map((name) => join(world.root, place, name)))
    files.push(join(world.root, 'contracts/reference/split-night-2026-04-10.yaml'))
    expect(files.length).toBeGreaterThanOrEqual(6)
    expect(await run(['lint', ...files], world), world.err()).toBe(0)
    expect(world.err()).toBe('')
  })
})

it.each([
  ['a contract profile', { version: 1, name: 'guide', title: { vi: 'a', en: 'a' }, source: { vi: 'a', en: 'a' }, roles: { bank: { operations: { sacn: { path: '/x' } } } } }, /sacn.*scan/s],
  ['an issuer profile', { version: 1, name: 'other', title: { vi: 'a', en: 'a' }, source: { vi: 'a', en: 'a' }, paths: { tokn: '/t' } }, /tokn/],
  ['a fixture', { allow: ['127.0.0.0/8'], rateCap: -1, receivr: {} }, /rateCap[\s\S]*receivr|receivr[\s\S]*rateCap/],
])('lint finds what is wrong in %s', async (_title, document, told) => {
  expect(await run(['lint', write('document.yaml', JSON.stringify(document))], world)).toBe(254)
  expect(world.err()).toMatch(told)
})

describe('lint finds in a profile', () => {
  it.each<[string, (text: string) => string, RegExp]>([
    ['an unknown flow', (text) => replaced(text, 'journey: [login, find-service', 'journey: [login, find-servis'), /FLOW_UNKNOWN: flow "find-servis" .*profile\.yaml:\d+:\d+ scenarios\[0\]\.journey\[1\] · did you mean "find-service"\?/],
    ['an unknown region', (text) => replaced(text, 'north:', 'nroth:'), /REGION_UNKNOWN: region "nroth"/],
    ['shares that do not add up', (text) => replaced(text, 'north: 0.45', 'north: 0.95'), /SHARES_DO_NOT_ADD_UP/],
    ['a scenario that is not there', (text) => replaced(text, 'dossiersOf: sync-w1', 'dossiersOf: sync-w9'), /SCENARIO_UNKNOWN: .*"sync-w9"/],
  ])('%s', async (_, damage, expected) => {
    expect(await run(['lint', write('profile.yaml', damage(smoke()))], world)).toBe(254)
    expect(world.err()).toMatch(expected)
  })
})

describe('rehearse refuses', () => {
  it.each<[string, string[], RegExp]>([
    ['a runbook that is not there', ['night-2026-04-11'], /RUNBOOK_UNKNOWN: runbook "night-2026-04-11" is not known · runbook · did you mean "night-2026-04-10"\?/],
    ['a runbook file that is not there', ['./none.yaml'], /FILE_MISSING/],
    ['an unknown profile', ['--profile', 'smok'], /PROFILE_UNKNOWN: .*did you mean "smoke"\?/],
    ['an unknown incident', ['--fault', 'dns-unevn'], /FAULT_UNKNOWN: .*did you mean "dns-uneven"\?/],
    ['an incident that cannot be planted', ['--fault', 'vneid-login'], /FAULT_NOT_PLANTABLE/],
    ['an unknown parameter of a fault', ['--fault', 'bank-timeout:shar=0.2'], /FAULT_PARAMETER_UNKNOWN: .*did you mean "share"\?/],
    ['a target that is none', ['--target', 'moon'], /TARGET_/],
    ['k6 processes where the target places them', ['--target', 'containers', '--workers', '3'], /WORKERS_PLACED: .*--workers/],
    ['a seed that is no number', ['--seed', 'x'], /NUMBER_INVALID: "x" is not a whole number · --seed/],
    ['a time scale out of range', ['--time-scale', '0'], /NUMBER_INVALID: "0" is no time scale/],
    ['a language it does not speak', ['--lang', 'fr'], /LANGUAGE_UNKNOWN/],
    ['an unknown option', ['--profil', 'smoke'], /unknown option '--profil'/],
    ['a time scale at which nothing can be planned', ['--time-scale', '10000'], /SCENARIO_NOT_PLANNABLE|MACHINE_TOO_SLOW/],
  ])('%s', async (_, args, expected) => {
    expect(await run(['rehearse', ...args, '--out', join(directory, 'runs')], world)).toBe(254)
    expect(world.err()).toMatch(expected)
    expect(readdirSync(directory)).not.toContain('runs')
  })

  it('several mistakes of one wish at once', async () => {
    expect(await run(['rehearse', '--profile', 'smok', '--fault', 'nonsense', '--fault', 'bank-timeout:x=1'], world)).toBe(254)
    expect(world.err().trim().split('\n')).toHaveLength(3)
  })

  it('a plan that this machine cannot carry, with a time scale that fits', async () => {
    const slow = testWorld({ cores: 0.05 })
    expect(await run(['rehearse', '--out', join(directory, 'runs')], slow)).toBe(254)
    expect(slow.err()).toMatch(/MACHINE_TOO_SLOW: the plan needs \d+\.\d cores .* run with --time-scale \d+/)
    expect(readdirSync(directory)).not.toContain('runs')
  })

  it('a disk that is full, and a folder that cannot be written', async () => {
    const full = testWorld({ freeDiskBytes: () => 1024 ** 2 })
    expect(await run(['rehearse', '--profile', 'smoke', '--out', join(directory, 'runs')], full)).toBe(254)
    expect(full.err()).toMatch(/DISK_FULL/)
    mkdirSync(join(directory, 'file-parent'))
    writeFileSync(join(directory, 'file-parent', 'file'), '')
    expect(await run(['rehearse', '--profile', 'smoke', '--out', join(directory, 'file-parent', 'file', 'runs')], world)).toBe(254)
    expect(world.err()).toMatch(/OUT_NOT_WRITABLE/)
  })
})

describe('other commands', () => {
  it.each<[string, string[], RegExp]>([
    ['judge without a run', ['judge', 'nowhere'], /RUN_MISSING/],
    ['report without a run', ['report', 'nowhere'], /RUN_MISSING/],
    ['an unknown command', ['rehearze'], /unknown command 'rehearze'.*Did you mean rehearse\?/s],
    ['lint of a file that is not there', ['lint', 'none.yaml'], /FILE_MISSING/],
    ['lint of something else', ['lint', 'other.yaml'], /DOCUMENT_UNKNOWN/],
  ])('%s', async (_, args, expected) => {
    write('other.yaml', 'hello: world\n')
    expect(await run(args, world)).toBe(254)
    expect(world.err()).toMatch(expected)
  })

  it.each(['rehearse', 'judge', 'report', 'mocks', 'lint', 'doctor', 'incidents', 'partners', 'flows'])('%s --help has examples', async (command) => {
    expect(await run([command, '--help'], world)).toBe(0)
    expect(world.out()).toContain('Examples:')
    expect(world.out()).toContain('--json')
  })

  it.each(['incidents', 'partners', 'flows'])('%s --json is JSON', async (command) => {
    expect(await run([command, '--json'], world)).toBe(0)
    expect((JSON.parse(world.out()) as unknown[]).length).toBeGreaterThanOrEqual(7)
  })

  it('doctor says what is missing, with the fix', async () => {
    const lacking = testWorld({ findK6: () => undefined, freeMemoryBytes: () => 1024 ** 3 })
    expect(await run(['doctor'], lacking)).toBe(254)
    expect(lacking.out()).toMatch(/k6: .*K6_BIN.*Go ≥ 1\.24.*Docker/)
    expect(lacking.out()).toMatch(/memory: free 3 GiB/)
    const ready = testWorld({ freeMemoryBytes: () => 8 * 1024 ** 3 })
    expect(await run(['doctor', '--json'], ready), ready.out()).toBe(0)
  })
})
