/**
 * Systems that are right but for one field of what they say: missing, of another type, with another value. Every field that a contract has a role answer or
 * send is altered in turn, and a requirement must be broken each time. What nobody outside can know stands in `UNKNOWABLE`, with the reason; a
 * field that stands there and is noticed all the same fails as well, so the list stays true.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mistakeIn } from '../../conform/answers.ts'
import type { Check } from '../../conform/check.ts'
import { checksOf, suiteOf } from '../../conform/checks/index.ts'
import { flowIn } from '../../conform/checks/role-suite.ts'
import { drive, type CheckOutcome } from '../../conform/driver.ts'
import type { Exchange } from '../../conform/exchange.ts'
import { Fixture, someCitizens } from '../../conform/fixture.ts'
import { openReceiver, secretsFor } from '../../conform/index.ts'
import { altered, alterationsOf, fieldsOf, type Alteration, type Field } from '../../conform/nonconformities/alterations.ts'
import { jsonOf, resaid, signerWith, startProxy, type Hooks, type Message, type Proxy, type Reply } from '../../conform/nonconformities/proxy.ts'
import type { Receiver } from '../../conform/receiver.ts'
import { speechOf } from '../../conform/speech.ts'
import { compileWires } from '../../contracts/partner-api/wire.ts'
import { startReference, type Reference } from './reference.ts'

const WAITS = { answerMs: 20_000, callbackMs: 1_000, retryMs: 1_500, quietMs: 100, qrLifeMs: 300 }
const DEADLINES = { checkMs: 60_000, runMs: 120_000 }

/** Of what somebody else would have to say whether it is right; by role and field. */
const UNKNOWABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  province: {
    'desk-dossier 201 message': 'words for an officer',
    'desk-status 201 message': 'words for an officer', 'desk-result 201 message': 'words for an officer', 'supplement-ask 201 message': 'words for an officer',
    'readiness 200 criteria.live': 'whether it is live where it is not tried is its own word', 'readiness 200 criteria.realDossiers': 'test dossiers are none; its own word',
    'readiness 200 unconfigured': 'the reference has everything configured: never seen otherwise',
    'push-attachment ': 'pushed only where a portal takes files, which the reference does not',
    'push-status source': 'nobody sends it to the portal, which the check of the push demands',
  },
  portal: {
    'services 200 services[].redirectUrl': 'where a ministry has its own service is for its catalogue to say; that it is an address, and only where there is one, is demanded',
    'me 200 sessionId': 'an id that only the portal knows',
    'logout 200 endSessionUrl': 'the letter altered is of its random state; that it ends the session at this very issuer is demanded',
    'feedback 200 answer': 'nobody has answered yet, which is demanded', 'feedback 201 answer': 'nobody has answered yet, which is demanded', 'read-feedback 200 answer': 'nobody has answered yet, which is demanded',
  },
  bank: {
    'banks 200 kind': 'nothing that is asked of it hangs on whether it is a bank or a gateway; that it is not the Treasury is demanded',
    'banks 200 banks[].title': 'words for a payer',
    'cancel 200 bankReference': 'null, which is demanded', 'cancel 200 paidAt': 'null, which is demanded',
    'statement 200 entries[].budget': 'only the Treasury has it: bank:bank-treasury',
  },
  'bank:bank-treasury': {
    'banks 200 banks, an item too few': 'whom it offers is its own choice', 'banks 200 banks[].title': 'words for a payer',
    'cancel 200 bankReference': 'null, which is demanded', 'cancel 200 paidAt': 'null, which is demanded', 'statement 200 entries[].budget.area': 'the order need not have one',
  },
  sms: {
    'codes 200 brandnames, an item too few': 'who has registered with it is its own', 'codes 200 codes, an item too few': 'which results it tells apart is its own',
    'templates 200 templates, an item too few': 'what is registered with it is its own', 'templates 200 templates[].text': 'what was sent of a template only the handset shows',
  },
  vneid: {
    'login-page 200 accounts, an item too few': 'which accounts it offers to try is its own',
    'token 200 expires_in': 'how long its tokens last is its own', 'token 200 refresh_token': 'the default issuer gives none (the other profile: mocks/vneid)',
    'userinfo 200 representative.sub': 'an id of the issuer\'s own; that it is not the company\'s is demanded', 'userinfo 200 guardian.sub': 'an id of the issuer\'s own; that it is not the minor\'s is demanded',
    'userinfo 200 person_id': 'not told by the default issuer', 'userinfo-post 200 person_id': 'not told by the default issuer',
    'userinfo-post 200 nationality': 'the same body as by GET is demanded', 'userinfo-post 200 company_number': 'the same body as by GET is demanded', 'userinfo-post 200 organisation_code': 'the same body as by GET is demanded',
    'userinfo-post 200 representative': 'the same body as by GET is demanded', 'userinfo-post 200 guardian': 'the same body as by GET is demanded',
    'logout 200 frontChannel': 'only where a client has an address for it; a client need not', 'logout 200 redirectTo': 'only beside front-channel addresses', 'logout-post 200 frontChannel': 'as by GET', 'logout-post 200 redirectTo': 'as by GET',
  },
}

type Seen = { answers: Map<string, unknown[]>; calls: Map<string, unknown[]> }

async function bench(role: string) {
  const receiver: Receiver = await openReceiver(Fixture.parse({}))
  const proxy: Proxy = await startProxy(receiver.url)
  const reference: Reference = await startReference(role, { url: proxy.outside }, { publicUrl: proxy.url })
  proxy.forwardTo(reference.url)
  const suite = suiteOf(role.split(':')[0]!)
  const wire = compileWires(undefined, [suite.role]).get(suite.role.id)!
  const common = Fixture.parse({ rateCap: 1_000, waits: WAITS, deadlines: DEADLINES, ...reference.fixture })
  const sign = signerWith(((common.keys.system ?? common.keys.caller) as { value: string }).value)
  const askedBy = new Map<string, Set<string>>()
  const took = new Map<string, number>()
  /** Where refunds are told: they have the form of payments. */
  const refunds = new Set<string>()
  /** Operations of which the checks were seen to hold by themselves. */
  const held = new Set<string>()
  let runs = 0

  const operationOf = ({ method, path }: Message) => wire.find(method, path.split('?')[0]!)?.name
  function callOf(message: Message): string | undefined {
    const { method, path } = message
    if (refunds.has(path)) return 'refund-callback'
    return wire.find(method, path.split('?')[0]!, 'calls')?.name ?? suite.role.calls.find((call) => call.path === '' && call.name !== 'refund-callback' && call.request.safeParse(saidIn(message)).success)?.name
  }
  const noteRefund = (message: Message): Message => {
    const url: unknown = operationOf(message) === 'credits' ? jsonOf(message.body)?.callbackUrl : undefined
    if (typeof url === 'string' && URL.canParse(url)) refunds.add(new URL(url).pathname.replace(/^\/_outside/, ''))
    return message
  }

  /** Each check notes what it asks and reads, so that later only those are run that can see a field. */
  function noting(check: Check): Check {
    const names = new Set<string>()
    askedBy.set(check.id, names)
    return { ...check, run: (context) => check.run({
      ...context, ask: (operation, input, how) => { names.add(operation); return context.ask(operation, input, how) },
      callOf: (name, came) => { names.add(name); return context.callOf(name, came) },
      pushes: (name, wanted, treat) => { names.add(name); return context.pushes(name, wanted, treat) },
    }) }
  }

  async function run(checks: readonly Check[], hooks: Hooks, untilBroken: boolean): Promise<CheckOutcome[]> {
    proxy.break({ ...hooks, asked: noteRefund })
    runs += 1
    // Others each time: what a run that was cut short has left open is nobody's of the next.
    const fixture = { ...common, citizens: someCitizens(92_000_000 + runs * 10) }
    const outcomes: CheckOutcome[] = []
    const enough = new AbortController()
    await drive({
      role: suite.role, checks, flowOf: (operation) => flowIn(suite, operation), fixture, secrets: secretsFor(fixture, {}), secretValues: [], baseUrl: proxy.url, receiver, runId: `a${runs}`,
      speech: speechOf(suite.role), signers: suite.signers ?? {}, ...(reference.nowMs && { nowMs: reference.nowMs }), signal: enough.signal,
      onOutcome: (outcome) => {
        outcomes.push(outcome)
        if (untilBroken && outcome.outcome === 'broken') enough.abort()
      },
    }).catch((error: unknown) => { if (!enough.signal.aborted) throw error })
    return outcomes
  }

  async function whole(): Promise<Seen> {
    const seen: Seen = { answers: new Map(), calls: new Map() }
    const note = (all: Map<string, unknown[]>, key: string, json: unknown) => { if (json !== undefined) all.set(key, [...all.get(key) ?? [], json]) }
    const outcomes = await run(checksOf(suite).map(noting), {
      answered: (reply, message) => { note(seen.answers, `${operationOf(message)} ${reply.status}`, jsonOf(reply.body)); return reply },
      told: (message, send) => { note(seen.calls, callOf(message) ?? '', saidIn(message)); return send(message) },
    }, false)
    for (const { id, tookMs } of outcomes) took.set(id, tookMs)
    expect(outcomes.filter(({ outcome }) => outcome !== 'held').map(({ id, observed, why }) => [id, observed?.en, why?.en])).toEqual([])
    return seen
  }

  /** What breaks where only this is altered, and does not where nothing is; undefined where nothing does. */
  async function namedBy(name: string, hooks: Hooks): Promise<string | undefined> {
    const checks = checksOf(suite).filter(({ id }) => askedBy.get(id)!.has(name)).toSorted((a, b) => took.get(a.id)! - took.get(b.id)!)
    if (!held.has(name)) expect((await run(checks, {}, false)).filter(({ id, outcome }) => outcome !== 'held' && !id.startsWith('answers.')).map(({ id, expected, observed, why, exchange }) => [name, id, expected?.en, observed?.en, why?.en, exchange?.answer])).toEqual([])
    held.add(name)
    const outcomes = await run(checks, hooks, true)
    expect(outcomes.filter(({ outcome }) => outcome === 'faulted').map(({ id, why }) => [name, id, why?.en.slice(0, 400)])).toEqual([])
    return outcomes.find(({ outcome }) => outcome === 'broken')?.id
  }

  return {
    role: suite.role, whole,
    answer: (operation: string, status: number, change: (json: unknown) => unknown) => namedBy(operation, {
      answered: (reply: Reply, message) => {
        const next = operationOf(message) === operation && reply.status === status ? change(jsonOf(reply.body)) : undefined
        return next === undefined ? reply : { ...reply, body: JSON.stringify(next) }
      },
    }),
    call: (name: string, change: (json: unknown) => unknown) => namedBy(name, {
      told: (message, send) => {
        const next = callOf(message) === name ? change(saidIn(message)) : undefined
        return send(next === undefined ? message : isForm(message) ? { ...message, body: new URLSearchParams(Object.entries(next as object).map(([key, value]): [string, string] => [key, String(value)])).toString() } : resaid(message, sign, () => next))
      },
    }),
    close: async () => { await proxy.close(); await reference.close(); await receiver.close() },
  }
}

const isForm = ({ headers }: Message) => headers['content-type'] === 'application/x-www-form-urlencoded'
const saidIn = (message: Message): unknown => isForm(message) ? Object.fromEntries(new URLSearchParams(message.body)) : jsonOf(message.body)
const placeOf = (name: string, { path }: Pick<Field, 'path'>, how: Alteration) => `${name} ${path.join('.').replaceAll('.[]', '[]').replaceAll('.{}', '{}')}${how === 'wrong value' ? '' : `, ${how}`}`
const exchangeOf = (status: number, json: unknown) => ({ status, json, headers: { 'content-type': 'application/json' } }) as unknown as Exchange

describe.each(Object.keys(UNKNOWABLE))('%s', (role) => {
  let tried: Awaited<ReturnType<typeof bench>>
  let seen: Seen
  beforeAll(async () => { tried = await bench(role); seen = await tried.whole() })
  afterAll(async () => tried?.close())

  /** Every field of an answer that says yes. */
  const answers = () => tried.role.operations.flatMap(({ name, answers }) => Object.entries(answers).flatMap(([status, schema]) => schema !== null && Number(status) < 300
    ? fieldsOf(schema).map((field) => ({ name, status: Number(status), schema, field, key: `${name} ${status}` })) : []))

  it('answers without a field, or with one of another type, are none of the contract', () => {
    const taken: string[] = []
    let tries = 0
    for (const { name, status, field, key } of answers()) {
      for (const how of alterationsOf(field).filter((one) => one === 'wrong type' || (one === 'missing' && !field.optional))) {
        const wrong = (seen.answers.get(key) ?? []).map((json) => altered(json, field, how)).filter((json) => json !== undefined)
        const operation = tried.role.operations.find((one) => one.name === name)!
        tries += wrong.length
        if (wrong.some((json) => mistakeIn(operation, exchangeOf(status, json)) === undefined)) taken.push(placeOf(key, field, how))
      }
    }
    expect(taken).toEqual([])
    expect(tries).toBeGreaterThan(20)
  })

  it('every field with another value is named by a requirement, or listed with the reason why it cannot be', async () => {
    const unnoticed: string[] = []
    const never: string[] = []
    const timings: [string, number, string | undefined][] = []
    const note = async (place: string, run: () => Promise<string | undefined>) => {
      const began = performance.now()
      const by = await run()
      timings.push([place, Math.round(performance.now() - began), by])
      if (by === undefined) unnoticed.push(place)
    }
    for (const { name, status, field, key } of answers()) {
      for (const how of alterationsOf(field).filter((one) => one !== 'missing' && one !== 'wrong type')) {
        if (!(seen.answers.get(key) ?? []).some((json) => altered(json, field, how) !== undefined)) never.push(placeOf(key, field, how))
        else await note(placeOf(key, field, how), () => tried.answer(name, status, (json) => altered(json, field, how)))
      }
    }
    for (const call of tried.role.calls) {
      for (const field of fieldsOf(call.request)) {
        for (const how of alterationsOf(field)) {
          if (how === 'missing' && field.optional) continue
          if (!(seen.calls.get(call.name) ?? []).some((json) => altered(json, field, how) !== undefined)) never.push(placeOf(call.name, field, how))
          else await note(placeOf(call.name, field, how), () => tried.call(call.name, (json) => altered(json, field, how)))
        }
      }
    }
    if (process.env['SHOW']) console.log(timings.map((one) => one.join('\t')).join('\n'))
    const open = [...unnoticed, ...never.map((place) => `${place} (never seen)`)]
    const listed = Object.keys(UNKNOWABLE[role]!)
    expect(open.filter((place) => !listed.some((begin) => place.startsWith(begin)))).toEqual([])
    expect(listed.filter((begin) => timings.some(([place, , by]) => by !== undefined && place.startsWith(begin)) || !open.some((place) => place.startsWith(begin)))).toEqual([])
  }, 300_000)

  it('every refusal with another code is named', async () => {
    const unnoticed: string[] = []
    // A variant of a role refuses as the role does.
    if (role.includes(':')) return
    for (const { name, refuses = {} } of tried.role.operations) {
      for (const [code, { status }] of Object.entries(refuses)) {
        const is = (json: unknown) => (json as { error?: { code?: string } } | undefined)?.error?.code === code
        if (!(seen.answers.get(`${name} ${status}`) ?? []).some(is)) continue
        const by = await tried.answer(name, status, (json) => is(json) ? { error: { code: `${code}_X`, message: 'x' } } : undefined)
        if (by === undefined) unnoticed.push(`${name} ${code}`)
      }
    }
    expect(unnoticed).toEqual([])
  }, 300_000)
})
