/**
 * Reads the small files of a run folder (plan, journal, verdict, findings, self-check, outcome) as far as they are there. In: the folder.
 * Out: `RunRecords`; whatever is missing, cut or not of its form becomes a `Gap` and is printed, nothing is invented for it.
 * `sealed/` is never opened; of faults only what `outcome.json` tells is known.
 */
import { existsSync } from 'node:fs'
import { open, readFile, readdir } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { z, type ZodType } from 'zod'
import { JournalEntry } from '../../contracts/journal.ts'
import { Plan } from '../../contracts/plan.ts'
import { Trailer } from '../../contracts/record-file.ts'
import { runFolder } from '../../contracts/run-folder.ts'
import { Finding, RunOutcome, Selfcheck, Verdict } from '../../contracts/verdict.ts'

/** `missing`: not there · `unreadable`: not JSON or not of its form · `torn`: has lines that are not of their form · `open`: no trailer, so it was cut or its writer did not finish. */
export type GapKind = 'missing' | 'unreadable' | 'torn' | 'open'
export type Gap = { file: string; kind: GapKind; detail: string }

const TransactionCase = z.strictObject({ trace: z.string(), dossierCode: z.string().nullable(), ms: z.number(), from: z.number(), to: z.number(), lastSystem: z.string() })
const Transactions = z.object({
  v: z.literal(1),
  transactions: z.array(z.object({
    name: z.string(), count: z.int(), unfinished: z.int(), p50Ms: z.number(), p95Ms: z.number(), p99Ms: z.number(), maxMs: z.number(), cases: z.array(TransactionCase),
  })),
})
/** Of `transactions.json`, beside the verdict. */
export type Transaction = z.infer<typeof Transactions>['transactions'][number]

export type RunRecords = {
  directory: string
  /** From the plan, else the folder's name. */
  runId: string
  plan: Plan | null
  journal: JournalEntry[]
  verdict: Verdict | null
  findings: Finding[]
  selfcheck: Selfcheck | null
  outcome: RunOutcome | null
  transactions: Transaction[]
  /** Paths of history and evidence files, sorted. */
  historyFiles: string[]
  evidenceFiles: string[]
  gaps: Gap[]
}

export async function readRun(directory: string): Promise<RunRecords> {
  const folder = runFolder(directory)
  const gaps: Gap[] = []
  const name = (path: string) => relative(directory, path)
  const document = <T>(path: string, schema: ZodType<T>) => readDocument(path, schema, (kind, detail) => gaps.push({ file: name(path), kind, detail }))
  const lines = <T>(path: string, schema: ZodType<T>) => readLines(path, schema, (kind, detail) => gaps.push({ file: name(path), kind, detail }))

  const plan = await document(folder.plan, Plan)
  const journal = await lines(folder.journal, JournalEntry)
  const verdict = await document(folder.verdict, Verdict)
  const findings = await lines(folder.findings, Finding)
  const selfcheck = await document(folder.selfcheck, Selfcheck)
  const outcome = await document(folder.outcome, RunOutcome)
  // Runs judged before there were any have none.
  const transactions = existsSync(join(directory, 'transactions.json')) ? (await document(join(directory, 'transactions.json'), Transactions))?.transactions ?? [] : []
  const historyFiles = await recordFiles(folder.history)
  const evidenceFiles = await recordFiles(folder.evidence)
  for (const worker of plan?.workers ?? []) {
    if (!historyFiles.includes(folder.historyOf(worker))) gaps.push({ file: name(folder.historyOf(worker)), kind: 'missing', detail: '' })
  }
  if (historyFiles.length === 0 && !plan) gaps.push({ file: 'history/', kind: 'missing', detail: '' })
  for (const path of [...historyFiles, ...evidenceFiles, ...(journal.length > 0 ? [folder.journal] : [])]) {
    if (!await endsWithTrailer(path)) gaps.push({ file: name(path), kind: 'open', detail: '' })
  }
  return {
    directory, runId: plan?.runId ?? verdict?.runId ?? basename(directory), plan, journal: journal.toSorted((a, b) => a.seq - b.seq),
    verdict, findings, selfcheck, outcome, transactions, historyFiles, evidenceFiles, gaps,
  }
}

type Report = (kind: GapKind, detail: string) => void

async function readDocument<T>(path: string, schema: ZodType<T>, report: Report): Promise<T | null> {
  if (!existsSync(path)) { report('missing', ''); return null }
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(path, 'utf8')))
    if (parsed.success) return parsed.data
    report('unreadable', parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  } catch (error) {
    report('unreadable', (error as Error).message)
  }
  return null
}

async function readLines<T>(path: string, schema: ZodType<T>, report: Report): Promise<T[]> {
  if (!existsSync(path)) { report('missing', ''); return [] }
  const good: T[] = []
  const bad: number[] = []
  const lines = (await readFile(path, 'utf8')).split('\n')
  lines.forEach((line, index) => {
    if (line === '' || line.startsWith('{"trailer"')) return
    const parsed = schema.safeParse(parseJson(line))
    if (parsed.success) good.push(parsed.data)
    else bad.push(index + 1)
  })
  if (bad.length > 0) report('torn', String(bad.length))
  return good
}

function parseJson(text: string): unknown {
  try { return JSON.parse(text) } catch { return undefined }
}

async function recordFiles(directory: string): Promise<string[]> {
  if (!existsSync(directory)) return []
  return (await readdir(directory)).filter((file) => file.endsWith('.ndjson')).sort().map((file) => join(directory, file))
}

const TAIL_BYTES = 512

/** Only the form of the last line is looked at here; whether its hash fits is a criterion of the verdict. */
async function endsWithTrailer(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const tail = Buffer.alloc(Math.min(TAIL_BYTES, size))
    await file.read(tail, 0, tail.length, size - tail.length)
    const last = tail.toString('utf8').trimEnd().split('\n').at(-1) ?? ''
    return tail.at(-1) === 10 && Trailer.safeParse(parseJson(last)).success
  } finally { await file.close() }
}
