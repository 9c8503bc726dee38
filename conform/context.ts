/**
 * What a check works with: the system behind its operations in canonical names, this side's receiver, identities, fresh identifiers. One for each check, so
 * that what it asked and made can be told apart; identifiers carry the run's mark, by which test data is found again afterwards.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { RoleContract } from '../contracts/partner-api/role.ts'
import { demand } from './check.ts'
import type { Signer } from './checks/role-suite.ts'
import { codeIn, type Asked, type Client, type Exchange } from './exchange.ts'
import type { Fixture } from './fixture.ts'
import type { Inbox, InboxOptions, Received, Receiver, Treatment } from './receiver.ts'
import type { Speech } from './speech.ts'

export type Ask = {
  /** Sent as it is, in place of the input's own form; or made of that. */
  body?: string | Uint8Array | ((own: string) => string)
  method?: string
  path?: string
  headers?: Record<string, string>
  /** For operations that are signed: left out, of another key, or of the same but for its reference. */
  signature?: 'none' | 'wrong' | 'of-another'
  timeoutMs?: number
}

export type Secrets = { systemKey: string | undefined; callerKey: string | undefined; specialisedKey: string | undefined; clientSecret: string | undefined; passcodeOf: (personId: string) => string | undefined; cookieOf: (personId: string) => string | undefined }
/** What was left in the tested system, for whoever cleans up. */
export type TestData = { kind: string; id: string; check: string }

export type Context = {
  role: RoleContract
  fixture: Fixture
  secrets: Secrets
  baseUrl: string
  ask: (operation: string, input: unknown, how?: Ask) => Promise<Exchange>
  send: (operation: string, asked: Asked, timeoutMs?: number) => Promise<Exchange>
  /** Unique, of this run: `tdc-<run>-<check>-<n>`. */
  tag: () => string
  /** A dossier code of the unit, unique in this run. */
  dossierCode: () => string
  /** The mark that texts of test data carry. */
  mark: string
  inbox: (options?: InboxOptions) => Inbox
  standsInPath: (operation: string, field: string) => boolean
  /** What came, in canonical names. */
  callOf: (name: string, came: Received) => any
  /** The pushes of this name that are wanted; treatments are canonical answers. */
  pushes: (name: string, wanted: (said: any) => boolean, treat: (nth: number) => Treatment) => Inbox
  /** The signature of what came is that of the system over these bytes. */
  demandSigned: (came: Received) => void
  made: (kind: string, id: string) => void
  /** What the checks of a run make once and share: sessions, pairs of person and procedure. */
  once: <T>(name: string, make: () => Promise<T>) => Promise<T>
  wait: (ms: number) => Promise<void>
  nowMs: () => number
  exchanges: Exchange[]
}

export type RunParts = {
  role: RoleContract; fixture: Fixture; secrets: Secrets; baseUrl: string; client: Client; receiver: Receiver; speech: Speech
  runId: string; nowMs: () => number; testData: TestData[]
  /** Dossiers that were given a code so far. */
  numbered: { next: number }
  shared: Map<string, Promise<unknown>>
  signers: Readonly<Record<string, Signer>>
  /** Over when the check's time is. */
  signal?: AbortSignal
  /** Every answer of an operation, for the check that answers are of the form that the contract says. */
  onAnswer: (operation: string, exchange: Exchange) => void
}

/** What is left in a system, by the canonical field that names it; and operations that give it a code of their own. */
const TEST_DATA: Readonly<Record<string, string>> = { dossierCode: 'dossier', transactionCode: 'transaction', messageId: 'message', feedbackCode: 'feedback' }
const MAKES_OWN_CODE: ReadonlySet<string> = new Set(['own-service', 'submit', 'pay', 'feedback'])

function namedIn(value: unknown): { name: string; id: string }[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => typeof member === 'string' && Object.hasOwn(TEST_DATA, name) ? [{ name, id: member }] : namedIn(member))
}

/** Who asks, where the role's operations are signed. */
const SIGNER_HEADER = 'x-partner'

export function createContext(parts: RunParts, check: { id: string; index: number }): Context & { close: () => void } {
  const { role, fixture, secrets, client, receiver, speech, runId } = parts
  const exchanges: Exchange[] = []
  const inboxes: Inbox[] = []
  /** Identifiers given out, and how to make another of the kind. */
  const issued = new Map<string, () => string>()
  /** Those of them that the system was told before: what it answers then may come of that. */
  const told = new Set<string>()
  let made = 0

  async function sendOnce(operation: string, asked: Asked, timeoutMs?: number): Promise<Exchange> {
    const exchange = await client.send(operation, asked, { timeoutMs, signal: parts.signal })
    exchanges.push(exchange)
    return exchange
  }
  async function send(operation: string, asked: Asked, timeoutMs?: number): Promise<Exchange> {
    const exchange = await sendOnce(operation, asked, timeoutMs)
    parts.signal?.throwIfAborted()
    return exchange
  }

  async function ask(operation: string, input: unknown, how: Ask = {}): Promise<Exchange> {
    const ids = idsIn(input)
    const isAlone = !ids.some((id) => told.has(id))
    for (const id of ids) told.add(id)
    const wire = speech.request(operation, input)
    const body = typeof how.body === 'function' ? how.body(wire.body ?? '') : how.body ?? wire.body
    const signer = parts.signers[operation] ?? { header: SIGNER_HEADER, id: fixture.unit.partnerId, key: 'caller' }
    const ownKey = signer.key === 'caller' ? secrets.callerKey : secrets.specialisedKey
    const signed = speech.operation(operation)?.signed && how.signature !== 'none' && ownKey !== undefined
    const key = how.signature === 'wrong' ? `${ownKey} but wrong` : ownKey!
    const exchange = await sendOnce(operation, {
      method: how.method ?? wire.method, url: parts.baseUrl + (how.path ?? wire.path), body,
      headers: {
        ...(wire.contentType !== undefined && { 'content-type': wire.contentType }),
        ...(signed && speech.sign(key, signer, how.signature === 'of-another' ? another(operation, input) : typeof body === 'string' ? body : Buffer.from(body ?? '').toString('utf8'))),
        ...how.headers,
      },
    }, how.timeoutMs)
    if (exchange.status !== null) {
      const answer = speech.answer(operation, exchange.status, exchange.json)
      exchange.status = answer.status
      exchange.json = answer.body
      exchange.code = codeIn(answer.body)
      if (how.method === undefined && how.path === undefined) parts.onAnswer(operation, exchange)
    }
    exchange.input = input
    noteLeft(operation, wire.method, input, exchange)
    // Not before it is noted: what was broken off may have been taken.
    parts.signal?.throwIfAborted()
    // Again with new identifiers, it would be about something that the system has never heard of; and what only breaks the form shows something else.
    if (how.body === undefined && isAlone) {
      const fits = speech.operation(operation)?.request
      const isValid = (value: unknown) => fits?.safeParse(value).success
      exchange.repeat = async (next) => isValid(next) === isValid(input) ? ask(operation, renewed(next), how) : undefined
    }
    return exchange
  }

  /** What would be sent under another reference. */
  function another(operation: string, input: unknown): string { return speech.request(operation, { ...input as object, reference: tag() }).body ?? '' }

  const tag = (): string => issue(`tdc-${runId}-${check.index}-${made += 1}`, tag)
  /** Nine digits: a running number of the run, and the run. */
  const dossierCode = () => issue(`${fixture.unit.unitCode}-${hanoiDay(parts.nowMs())}-${pad(parts.numbered.next += 1, 5)}${digitsOf(runId)}`, dossierCode)
  function issue(id: string, another: () => string): string { issued.set(id, another); return id }

  /** The same with new identifiers, so that it is not taken for the same again. */
  function renewed(value: unknown): unknown {
    if (typeof value === 'string') return issued.get(value)?.() ?? value
    if (Array.isArray(value)) return value.map(renewed)
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, renewed(member)]))
    return value
  }

  function idsIn(value: unknown): string[] {
    if (typeof value === 'string') return issued.has(value) ? [value] : []
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsIn) : []
  }

  function note(kind: string, id: string): void {
    if (!parts.testData.some((known) => known.kind === kind && known.id === id)) parts.testData.push({ kind, id, check: check.id })
  }

  /** What was not clearly refused may be there: by whatever identifier it was sent, or is named in the answer. */
  function noteLeft(operation: string, method: string, input: unknown, { status, json }: Exchange): void {
    if (method === 'GET' || (status !== null && status >= 300 && status < 500)) return
    for (const { name, id } of namedIn(input)) if (issued.has(id)) note(TEST_DATA[name]!, id)
    if (status !== null && status < 300 && MAKES_OWN_CODE.has(operation)) for (const { name, id } of namedIn(json)) note(TEST_DATA[name]!, id)
  }

  function open(options?: InboxOptions): Inbox {
    const inbox = receiver.inbox(options)
    inboxes.push(inbox)
    return inbox
  }

  return {
    role, fixture, secrets, baseUrl: parts.baseUrl, exchanges, ask, send, tag, dossierCode, mark: `[TONGDUYET-CONFORM ${runId}]`,
    // A guide may fix the address of a callback; then it is known by the identifiers in it.
    inbox: (options = {}) => open({ takes: (came) => speech.isAnyCall(came) && came.body.includes(`tdc-${runId}-${check.index}-`), ...options }),
    standsInPath: speech.standsInPath,
    callOf: (name, came) => speech.call(name, came),
    pushes: (name, wanted, treat) => open({
      takes: (came) => speech.isCall(name, came) && wanted(speech.call(name, came)),
      treat: (nth) => {
        const treatment = treat(nth)
        return typeof treatment === 'string' ? treatment : { ...treatment, ...speech.reply(name, treatment.status, treatment.body) }
      },
    }),
    demandSigned(came) {
      demand(speech.signatureFits(secrets.systemKey!, came), { vi: 'chữ ký đúng với nội dung và khóa', en: 'a signature that fits the body and the key' }, { vi: 'chữ ký thiếu hoặc sai', en: 'the signature is missing or wrong' }, exchanges.at(-1))
    },
    made: note,
    once: <T>(name: string, make: () => Promise<T>) => {
      const known = parts.shared.get(name) as Promise<T> | undefined
      if (known) return known
      const promise = make()
      parts.shared.set(name, promise)
      // Broken off with the time of the check that made it: another makes it anew.
      promise.catch(() => { if (parts.signal?.aborted) parts.shared.delete(name) })
      return promise
    },
    wait: async (ms) => { if (ms > 0) await sleep(ms, undefined, { ...(parts.signal && { signal: parts.signal }) }) },
    nowMs: parts.nowMs,
    close: () => { for (const inbox of inboxes) inbox.close() },
  }
}

function pad(value: number, digits: number): string { return String(value % 10 ** digits).padStart(digits, '0') }

/** Four digits that differ from run to run. */
function digitsOf(text: string): string {
  let value = 7
  for (const letter of text) value = (value * 31 + letter.charCodeAt(0)) % 1_000_000_007
  return pad(value, 4)
}

/** `260410`, in Hanoi. */
function hanoiDay(epochMs: number): string { return new Date(epochMs + 7 * 3_600_000).toISOString().slice(2, 10).replaceAll('-', '') }
