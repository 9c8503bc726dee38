/** The outcome: worst of verdict, selfcheck and validity; planted faults count only where their witness says that they touched enough. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VerdictWord } from '../../contracts/verdict.ts'
import { exitCodeOf, settle } from './index.ts'

let directory: string
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'outcome-')) })
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function write(name: string, value: unknown): void {
  mkdirSync(join(directory, 'sealed'), { recursive: true })
  writeFileSync(join(directory, name), typeof value === 'string' ? value : JSON.stringify(value))
}

function verdict(word: VerdictWord, criteria: unknown[] = [], findings: string[] = []): void {
  write('findings.ndjson', findings.map((id) => `${JSON.stringify({ id })}\n`).join(''))
  write('verdict.json', { v: 1, runId: 'r1', planHash: 'h', verdict: word, criteria, findings, partners: [], coverage: { systemsRead: [], operations: 1, verified: 1 }, figures: [] })
}

function selfcheck(status: VerdictWord): void { write('selfcheck.json', { v: 1, runId: 'r1', status, canaries: [], surplus: 0, note: 'a note' }) }

const witness = (event: string, rest: object = {}) => JSON.stringify({ v: 1, fault: 'sync-lost', at: 1, event, ...rest })

describe('settle', () => {
  it.each([
    ['pass', 'pass', 'pass', 0], ['fail', 'pass', 'fail', 1], ['pass', 'inconclusive', 'inconclusive', 2], ['fail', 'inconclusive', 'fail', 1], ['inconclusive', 'pass', 'inconclusive', 2],
  ] as const)('verdict %s and selfcheck %s give %s, exit %i', (verdictWord, selfcheckWord, outcome, exit) => {
    verdict(verdictWord)
    selfcheck(selfcheckWord)
    const settled = settle(directory)
    expect(settled).toMatchObject({ runId: 'r1', outcome, verdict: verdictWord, selfcheck: selfcheckWord, faults: [] })
    expect(exitCodeOf(settled)).toBe(exit)
    expect(exitCodeOf(outcome)).toBe(exit)
    expect(JSON.parse(readFileSync(join(directory, 'outcome.json'), 'utf8'))).toEqual(settled)
  })

  it('lists the rules of validity that did not hold', () => {
    verdict('inconclusive', [{ id: 'valid.lateness', expected: 'at most 500 ms', observed: '900 ms', status: 'inconclusive', evidence: [] }, { id: 'class.lost', expected: '0', observed: '0', status: 'pass', evidence: [] }])
    selfcheck('pass')
    expect(settle(directory).validity).toEqual(['lateness: expected at most 500 ms; 900 ms'])
  })

  it.each([
    ['touched enough', [witness('injected'), witness('witnessed', { touched: 5, required: 3 }), witness('healed')], true, true, 'fail'],
    ['touched too little', [witness('injected'), witness('witnessed', { touched: 2, required: 3 })], true, false, 'inconclusive'],
    ['touched nothing, and nothing was asked', [witness('injected'), witness('witnessed', { touched: 0, required: 0 })], true, false, 'inconclusive'],
    ['has no witness', [witness('injected')], true, false, 'inconclusive'],
    ['was never planted', [], false, false, 'inconclusive'],
    ['could not be planted', [witness('error', { note: 'refused' })], false, false, 'inconclusive'],
  ])('a fault that %s', (_, lines, planted, effective, outcome) => {
    verdict(effective ? 'fail' : 'pass')
    selfcheck('pass')
    write('sealed/faults.json', [{ id: 'sync-lost', params: { share: 0.1 } }])
    write('sealed/witness.ndjson', lines.map((line) => `${line}\n`).join(''))
    const settled = settle(directory)
    expect(settled).toMatchObject({ outcome, faults: [{ id: 'sync-lost', planted, effective }] })
    expect(settled.validity.length).toBe(effective ? 0 : 1)
  })

  it('counts for each of two faults of a kind what was witnessed of it alone', () => {
    verdict('fail')
    selfcheck('pass')
    write('sealed/faults.json', [{ id: 'sync-lost', params: { share: 0.1 } }, { id: 'sync-lost', params: { share: 0.2 } }])
    const both = [0, 1].flatMap((index) => [witness('injected', { index }), witness('witnessed', { index, touched: index === 0 ? 5 : 0, required: 3 }), witness('healed', { index })])
    write('sealed/witness.ndjson', both.map((line) => `${line}\n`).join(''))
    expect(settle(directory)).toMatchObject({ outcome: 'fail', faults: [{ id: 'sync-lost', effective: true }, { id: 'sync-lost', planted: true, effective: false }], validity: [expect.stringContaining('touched too little')] })
  })

  it.each([
    ['findings.ndjson is missing', () => rmSync(join(directory, 'findings.ndjson')), 'findings.ndjson is missing'],
    ['findings.ndjson lacks a finding of the verdict', () => write('findings.ndjson', '{"id":"lost:portal"}\n'), 'findings.ndjson does not hold the findings that verdict.json names'],
    ['the selfcheck is another run\'s', () => write('selfcheck.json', { v: 1, runId: 'r2', status: 'pass', canaries: [], surplus: 0, note: '' }), 'selfcheck.json is of run r2, not of r1'],
    ['the verdict is of another plan', () => write('plan.json', { runId: 'r1', planHash: 'other' }), 'verdict.json is of another plan'],
    ['the verdict is of another run', () => { write('plan.json', { runId: 'r3', planHash: 'h' }); write('selfcheck.json', { v: 1, runId: 'r3', status: 'pass', canaries: [], surplus: 0, note: '' }) }, 'verdict.json is of run r1, not of r3'],
    ['a witness tells of a fault that nobody planted', () => write('sealed/witness.ndjson', `${witness('injected')}\n`), 'sealed/faults.json does not name the fault sync-lost'],
    ['a line of the witnesses is torn', () => write('sealed/witness.ndjson', `${witness('injected').slice(0, 20)}`), 'sealed/witness.ndjson has 1 lines that cannot be read'],
  ])('is inconclusive at least where %s', (_, tamper, said) => {
    verdict('pass', [], ['lost:portal', 'lost:sms'])
    selfcheck('pass')
    expect(settle(directory)).toMatchObject({ outcome: 'pass', validity: [] })
    tamper()
    expect(settle(directory)).toMatchObject({ outcome: 'inconclusive', validity: [said] })
  })

  it('is no better than the worst criterion, whatever the verdict says', () => {
    verdict('pass', [{ id: 'class.lost', expected: '0', observed: '1', status: 'fail', evidence: [] }])
    selfcheck('pass')
    expect(settle(directory).outcome).toBe('fail')
  })

  it('is inconclusive where a fault that touched enough was not healed before the reads', () => {
    verdict('pass')
    selfcheck('pass')
    write('sealed/faults.json', [{ id: 'sync-lost', params: {} }])
    write('sealed/witness.ndjson', [witness('injected'), witness('witnessed', { touched: 5, required: 3 }), witness('error', { note: 'heal: refused' })].map((line) => `${line}\n`).join(''))
    expect(settle(directory)).toMatchObject({ outcome: 'inconclusive', faults: [{ effective: true }], validity: ['fault sync-lost was not healed: heal: refused'] })
  })

  it('is inconclusive where a file is missing or of another version', () => {
    write('plan.json', { runId: 'r9' })
    expect(settle(directory)).toMatchObject({ runId: 'r9', outcome: 'inconclusive', validity: ['verdict.json is missing', 'selfcheck.json is missing'] })
    write('plan.json', { runId: 'r1' })
    verdict('pass')
    write('selfcheck.json', '{"v":2}')
    expect(settle(directory).validity).toEqual(['selfcheck.json is not of this version'])
  })
})
