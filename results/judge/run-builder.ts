/**
 * Writes real run folders by hand (design section 4): plan, history, journal, evidence with headers and trailers. Tests of the judge and of
 * the report build on it. A fresh builder is a clean night without any operation; `login`, `submit`, `pay`, … add an operation with all the
 * records that are due; `rows`, `history` and `journal` are plain arrays to be changed before `write`.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { canonicalJson } from '../../contracts/canonical-json.ts'
import { LEGACY_STATUS_NUMBERS } from '../../contracts/api/front.ts'
import { clockOffsetMs } from '../../contracts/duration.ts'
import type { EvidenceMode, EvidenceRow } from '../../contracts/evidence.ts'
import { dossierCode, legacyDossierCode, legacyProcedureCode } from '../../contracts/ids.ts'
import { JournalEntry, type JournalEvent } from '../../contracts/journal.ts'
import { OperationLine } from '../../contracts/operation.ts'
import { deriveOp, deriveTrace } from '../../contracts/op.ts'
import { Plan } from '../../contracts/plan.ts'
import { RecordWriter, Trailer } from '../../contracts/record-file.ts'
import { personOf } from '../../contracts/reference/people.ts'
import { REGIONS } from '../../contracts/reference/regions.ts'
import { runFolder } from '../../contracts/run-folder.ts'
import { entryId, isGate } from '../../contracts/runbook.ts'
import type { DossierStatus } from '../../contracts/status.ts'
import { planHashOf, SAMPLE_STEPS, samplePlan, type SamplePlanOptions, type SampleScenario } from './sample-plan.ts'

const NOT_THROUGH_AN_EDGE: readonly string[] = [
  'payment.scan', 'dossier.apply', 'staff.login', 'dossier.receive', 'dossier.refuse', 'supplement.ask', 'dossier.process', 'dossier.finish', 'dossier.stop', 'result.return', 'payment.counter', 'payment.refund', 'feedback.answer', 'report.read',
]

/** Wall ms between the plan and the start of the window. */
const START_AFTER_MS = 5_000

export type EvidenceFile = { mode: EvidenceMode; beganAt: number; rows: EvidenceRow[] }
export type TimedEvent = JournalEvent & { at: number }
type Changes = Partial<OperationLine>

export class RunBuilder {
  plan: Plan
  readonly history = new Map<string, OperationLine[]>()
  /** By file name without `.ndjson`: `portal`, `portal.baseline`, `load-w1`, `processes`, … */
  readonly evidence = new Map<string, EvidenceFile>()
  readonly journal: TimedEvent[] = []
  /** Counters of k6 to differ from what the history gives; set before `write`. */
  readonly load: Record<string, number> = {}
  /** What systems say they served, to differ from more than enough. */
  readonly served: Record<string, number> = {}

  constructor(options: SamplePlanOptions = {}) {
    this.plan = samplePlan(options)
    for (const worker of this.plan.workers) this.history.set(worker, [])
    const began = this.beganAt
    const finalAt = began + this.plan.durationMs + 20_000
    for (const system of this.plan.target.systems) {
      const watched = system.role === 'resolver'
      this.evidence.set(system.id, { mode: watched ? 'running' : 'final', beganAt: watched ? began : finalAt, rows: [] })
      if (!watched) this.evidence.set(`${system.id}.baseline`, { mode: 'baseline', beganAt: began - 2_000, rows: [] })
    }
    this.evidence.set('processes', { mode: 'running', beganAt: began, rows: [] })
    this.#fillJournal(finalAt)
    this.#fillSamples()
  }

  get beganAt(): number { return this.plan.createdAt + START_AFTER_MS }

  /** Wall ms of a clock time of the night. */
  at(clock: string): number { return Math.round(this.beganAt + clockOffsetMs(this.plan.runbook.window.start, clock) / this.plan.timeScale) }

  rows(system: string): EvidenceRow[] {
    const file = this.evidence.get(system)
    if (!file) throw new Error(`no evidence file "${system}"`)
    return file.rows
  }

  record(system: string, key: string, op: string | undefined, status: string | undefined, fields: EvidenceRow['fields'] = {}, sourceAt?: number): EvidenceRow {
    const file = this.evidence.get(system)
    if (!file) throw new Error(`no evidence file "${system}"`)
    const row: EvidenceRow = { key, ...(op ? { op } : {}), ...(status ? { status } : {}), fields: { ...fields }, seenAt: file.beganAt + 5, ...(sourceAt ? { sourceAt } : {}) }
    file.rows.push(row)
    return row
  }

  opOf(scenario: SampleScenario, iteration: number, step: string): string {
    return deriveOp((text) => createHash('sha256').update(text).digest('hex'), this.plan.seed, scenario, iteration, step)
  }

  /** One history line with everything filled in, spread evenly over its scenario; `changes` win. */
  line(scenario: SampleScenario, iteration: number, step: string, changes: Changes = {}): OperationLine {
    const planned = this.plan.scenarios.find((candidate) => candidate.name === scenario)!
    const { flow, kind } = SAMPLE_STEPS[scenario].find((candidate) => candidate.step === step)!
    const order = SAMPLE_STEPS[scenario].findIndex((candidate) => candidate.step === step)
    const intendedAt = Math.floor(this.beganAt + planned.startMs + planned.durationMs * iteration / planned.count)
    const invokedAt = changes.invokedAt ?? intendedAt + 2 + order * 100
    const system = scenario === 'citizens-old' || scenario === 'lookups' ? 'legacy' : 'portal'
    const line: OperationLine = {
      v: 1, op: this.opOf(scenario, iteration, step), attempt: 1, trace: deriveTrace(scenario, iteration), kind, flow, step,
      actor: planned.actor, region: REGIONS[iteration % REGIONS.length]!.id, worker: this.plan.workers[0]!,
      cohort: iteration % 3 === 0 ? 'kept' : 'reresolve', phase: planned.phase, intendedAt, invokedAt, completedAt: invokedAt + 20,
      outcome: 'ok', system, http: { status: 200, remote: this.plan.target.addresses[system === 'legacy' ? 'old' : 'new'] }, ...changes,
    }
    this.history.get(line.worker)!.push(line)
    if (!NOT_THROUGH_AN_EDGE.includes(kind)) {
      const edge = system === 'legacy' ? 'edge-old' : 'edge-new'
      this.record(edge, `request/${this.rows(edge).length + 1}`, line.op, String(line.http?.status ?? 200), { method: 'POST', path: `/${flow}`, region: line.region, ms: 20, remote: '127.64.4.1' })
    }
    return line
  }

  login(scenario: SampleScenario, iteration: number, changes: Changes = {}): OperationLine {
    const line = this.line(scenario, iteration, 'login', changes)
    this.record(line.system, `session/${line.trace}`, line.op, undefined)
    this.record('vneid', `grant/${line.trace}`, line.op, undefined)
    return line
  }

  /** A direct submission; on the old portal with the records that the migration makes of it. */
  submit(scenario: 'citizens-old' | 'citizens-new', iteration: number, changes: Changes = {}): OperationLine {
    const person = personOf(iteration)
    const old = scenario === 'citizens-old'
    const partner = this.plan.partners[iteration % this.plan.partners.length]!
    const code = dossierCode(partner.unitCode, '260410', (old ? 800_000 : 900_000) + iteration)
    const oldCode = legacyDossierCode(partner.unitCode, 2026, 900_000 + iteration)
    const procedure = '9.900001'
    const fields = { applicantName: person.name, procedureCode: old ? legacyProcedureCode(procedure, partner.unitCode) : procedure, unitCode: partner.unitCode, partner: partner.id }
    const line = this.line(scenario, iteration, 'submit', { dossierCode: old ? oldCode : code, procedureCode: fields.procedureCode, unitCode: partner.unitCode, fields, observed: 'newly-registered', ...changes })
    const held = { applicantName: person.name, procedureCode: procedure, unitCode: partner.unitCode }
    const status: DossierStatus = 'newly-registered'
    if (old) this.record('legacy', `dossier/${oldCode}`, line.op, String(LEGACY_STATUS_NUMBERS[status]), { ...held, procedureCode: fields.procedureCode, feeVnd: 8_000 }, line.completedAt)
    this.record('portal', `dossier/${code}`, line.op, status, { ...held, applicantId: person.personId, partner: partner.id, origin: old ? 'migrated' : 'direct', legacyCode: old ? oldCode : null, feeVnd: 8_000 }, line.completedAt)
    this.record('coordination', `dossier/${code}`, line.op, status, held, line.completedAt + 50)
    if (!old) this.record(`partner-${partner.id}`, `dossier/${code}`, line.op, status, { ...held, origin: 'forwarded', sync: null }, line.completedAt + 80)
    return line
  }

  /** Payment created at the portal and scanned at the bank. */
  pay(iteration: number, changes: { create?: Changes; scan?: Changes } = {}): { create: OperationLine; scan: OperationLine } {
    const transactionCode = `T${String(iteration).padStart(6, '0')}`
    const bank = iteration % 2 === 0 ? 'vcb' : 'bidv'
    const amountVnd = 8_000 + iteration * 1_000
    const code = dossierCode(this.plan.partners[iteration % this.plan.partners.length]!.unitCode, '260410', 900_000 + iteration)
    const fields = { amountVnd, bank, transactionCode }
    const create = this.line('citizens-new', iteration, 'pay', { dossierCode: code, amountVnd, fields, ...changes.create })
    const scan = this.line('citizens-new', iteration, 'scan', { dossierCode: code, amountVnd, fields, system: `bank-${bank}`, ...changes.scan })
    const held = { transactionCode, dossierCode: code, amountVnd }
    this.record('payments', `payment/${transactionCode}`, create.op, 'paid', { ...held, bank, unitCode: code.slice(0, 3), reason: null }, scan.completedAt)
    this.record('portal', `payment/${transactionCode}`, create.op, 'paid', held, scan.completedAt)
    this.record(`bank-${bank}`, `debit/FT${transactionCode}`, scan.op, undefined, { transactionCode, amountVnd, personId: personOf(iteration).personId }, scan.completedAt)
    this.record(`bank-${bank}`, `qr/${transactionCode}`, create.op, 'issued', { transactionCode })
    this.record('payments', `paid/${transactionCode}`, scan.op, undefined, held, scan.completedAt + 30)
    this.record('portal', `paid/${transactionCode}`, scan.op, undefined, held, scan.completedAt + 60)
    for (const system of ['payments', 'portal']) this.record(system, `receipt/${transactionCode}`, scan.op, 'issued', { ...held, receiptNumber: `BL${transactionCode}` }, scan.completedAt + 90)
    return { create, scan }
  }

  sms(scenario: 'citizens-old' | 'citizens-new', iteration: number, changes: Changes = {}): OperationLine {
    const line = this.line(scenario, iteration, 'sms', changes)
    this.record('notifications', `sms/m-${line.trace}`, line.op, 'delivered', { dossierCode: line.dossierCode ?? null, gatewayId: `g-${line.trace}`, reason: null }, line.completedAt)
    this.record('sms', `sms/g-${line.trace}`, line.op, 'delivered')
    return line
  }

  /** A dossier that a partner takes at its desk and pushes to the portal. */
  sync(iteration: number, changes: Changes = {}): OperationLine {
    const { partner, code } = this.syncedDossier(iteration)
    const person = personOf(50_000 + iteration)
    const held = { applicantName: person.name, procedureCode: '9.900005', unitCode: partner.unitCode }
    const line = this.line('sync-w1', iteration, 'push', { dossierCode: code, procedureCode: held.procedureCode, unitCode: held.unitCode, fields: { ...held, partner: partner.id }, observed: 'received', ...changes })
    this.record('portal', `dossier/${code}`, line.op, 'received', { ...held, applicantId: person.personId, partner: partner.id, origin: 'synced', legacyCode: null, feeVnd: 0 }, line.completedAt)
    this.record('coordination', `dossier/${code}`, line.op, 'received', held, line.completedAt + 40)
    this.record(`partner-${partner.id}`, `dossier/${code}`, line.op, 'received', { ...held, origin: 'desk', sync: 'acknowledged' }, line.completedAt)
    return line
  }

  /** A status push on the dossier that `sync(iteration)` made; the dossier's rows carry the status afterwards. */
  status(iteration: number, status: 'in-process' | 'done', changes: Changes = {}): OperationLine {
    const { partner, code } = this.syncedDossier(iteration)
    const line = this.line('status-w1', iteration, status, { dossierCode: code, fields: { partner: partner.id }, observed: status, ...changes })
    for (const system of ['portal', 'coordination', `partner-${partner.id}`]) {
      this.record(system, `event/${line.op}`, line.op, status, { dossierCode: code, source: partner.id }, line.completedAt)
      for (const row of this.rows(system)) if (row.key === `dossier/${code}`) row.status = status
    }
    return line
  }

  syncedDossier(iteration: number): { partner: Plan['partners'][number]; code: string } {
    const partner = this.plan.partners[iteration % this.plan.partners.length]!
    return { partner, code: dossierCode(partner.unitCode, '260410', iteration + 1) }
  }

  /** An old dossier from before the run, with its baseline and, unless told otherwise, its migrated copy. */
  legacyDossier(number: number, options: { migrated?: boolean; rawName?: string; status?: DossierStatus } = {}): string {
    const { migrated = true, status = 'in-process' } = options
    const partner = this.plan.partners[number % this.plan.partners.length]!
    const oldCode = legacyDossierCode(partner.unitCode, 2025, number)
    const name = personOf(number).name
    const fields = { applicantName: options.rawName ?? name, applicantBirthDate: '1970-01-02', procedureCode: legacyProcedureCode('9.900001', partner.unitCode), unitCode: partner.unitCode, feeVnd: 8_000 }
    for (const file of ['legacy', 'legacy.baseline']) this.record(file, `dossier/${oldCode}`, undefined, String(LEGACY_STATUS_NUMBERS[status]), fields)
    if (!migrated) return oldCode
    const code = dossierCode(partner.unitCode, '250301', 500_000 + number)
    this.record('portal', `dossier/${code}`, undefined, status, { ...fields, applicantName: name, procedureCode: '9.900001', origin: 'migrated', legacyCode: oldCode, partner: partner.id, applicantId: personOf(number).personId })
    return oldCode
  }

  /** Takes away the records of an operation in a system. */
  drop(system: string, op: string, recordType?: string): void {
    const file = this.evidence.get(system)!
    file.rows = file.rows.filter((row) => row.op !== op || (recordType !== undefined && !row.key.startsWith(`${recordType}/`)))
  }

  write(directory: string): string {
    const folder = runFolder(directory)
    for (const path of [folder.history, folder.evidence]) mkdirSync(path, { recursive: true })
    this.plan = Plan.parse({ ...this.plan, planHash: planHashOf(this.plan) })
    mkdirSync(dirname(folder.plan), { recursive: true })
    writeFileSync(folder.plan, `${canonicalJson(this.plan)}\n`)
    const endedAt = this.beganAt + this.plan.durationMs + 30_000
    const lines = [...this.history.values()].reduce((sum, { length }) => sum + length, 0)
    for (const { id } of this.plan.target.systems) {
      for (const [when, served] of [['begin', 5], ['end', 5 + (this.served[id] ?? lines)]] as const) this.evidence.get('processes')?.rows.push({ key: `served/${id}/${when}`, fields: { system: id, served }, seenAt: endedAt })
    }
    for (const [worker, lines] of this.history) {
      const sha256 = writeRecords(folder.historyOf(worker), lines.map((line) => OperationLine.parse(line)), endedAt)
      const counters = { iterations: new Set(lines.map((line) => line.trace)).size, dropped_iterations: 0, history_lines: lines.length, http_reqs: lines.length, ...this.load }
      const rows: EvidenceRow[] = Object.entries(counters).map(([name, value]) => ({ key: `metric/${name}`, fields: { value }, seenAt: endedAt }))
      rows.push({ key: 'exit/code', fields: { value: 0 }, seenAt: endedAt }, { key: 'stderr/failed-writes', fields: { value: 0 }, seenAt: endedAt }, { key: 'history/sealed', fields: { value: true, sha256 }, seenAt: endedAt })
      if (!this.evidence.has(`load-${worker}`)) this.evidence.set(`load-${worker}`, { mode: 'final', beganAt: endedAt, rows })
    }
    for (const [name, file] of this.evidence) {
      const system = name.replace(/\.baseline$/, '')
      writeRecords(`${folder.evidence}/${name}.ndjson`, [{ v: 1, system, readId: `${name}-1`, mode: file.mode, beganAt: file.beganAt }, ...file.rows], endedAt)
    }
    const entries = this.journal.toSorted((a, b) => a.at - b.at).map((event, seq) => JournalEntry.parse({
      v: 1, seq, ...event, scenarioAt: this.plan.scenarioStartMs + (event.at - this.beganAt) * this.plan.timeScale,
    }))
    writeRecords(folder.journal, entries, endedAt)
    return directory
  }

  #fillJournal(finalAt: number): void {
    const end = this.beganAt + this.plan.durationMs
    this.journal.push(
      { at: this.beganAt, kind: 'run', event: 'begin' }, { at: this.beganAt, kind: 'run', event: 'load-begin' },
      { at: end, kind: 'run', event: 'load-end' }, { at: end + 2_000, kind: 'run', event: 'drained' }, { at: finalAt + 5_000, kind: 'run', event: 'end' },
    )
    for (const entry of this.plan.runbook.steps) {
      const at = this.at(entry.at!)
      if (isGate(entry)) {
        for (const event of ['asked', 'go'] as const) this.journal.push({ at: at + (event === 'go' ? 5 : 0), kind: 'gate', id: entry.gate, event, title: entry.title, approver: entry.approver, approval: 'simulated' })
        continue
      }
      for (const event of ['begin', 'done'] as const) {
        this.journal.push({ at: at + (event === 'done' ? 200 : 0), kind: 'step', id: entryId(entry), event, title: entry.title, owner: entry.owner, action: Object.keys(entry.do)[0]! })
      }
    }
  }

  /** What a quiet machine and resolvers that follow the switch leave behind. */
  #fillSamples(): void {
    for (const process of ['harness', 'k6-w1', 'portal', 'partners']) {
      for (let n = 1; n <= 10; n += 1) {
        this.record('processes', `sample/${process}/${n}`, undefined, undefined, { process, cpuMs: n * 200, wallMs: n * 1_000, monoMs: n * 1_000, eventLoopMsP99: 12, rssBytes: 100_000_000 })
      }
    }
    const switched = this.at('23:15') + 200
    const { addresses, portalHost } = this.plan.target
    for (const region of REGIONS) {
      const file = this.evidence.get(`resolver-${region.id}`)!
      for (let at = this.beganAt, n = 1; at < this.beganAt + this.plan.durationMs; at += 5_000, n += 1) {
        file.rows.push({ key: `answer/${n}`, status: at < switched ? addresses.old : addresses.new, fields: { name: portalHost, ttlS: 60 }, seenAt: at })
      }
    }
  }
}

/** Gives the hash in the file's trailer. */
function writeRecords(path: string, records: readonly unknown[], endedAt: number): string {
  const writer = new RecordWriter(path)
  for (const record of records) writer.write(record)
  writer.close(endedAt)
  return Trailer.parse(JSON.parse(readFileSync(path, 'utf8').trimEnd().split('\n').at(-1)!)).trailer.sha256
}
