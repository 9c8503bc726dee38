/**
 * The standard set of attacks: well-known payload shapes (`standard.json`), each sent once to a path where nothing is, so that one that passes does no
 * harm. Blocked is what the edge itself refuses; what the portal answers has passed, and no answer is no proof. Harmless requests go first: a
 * firewall that refuses those too proves nothing.
 */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'undici'
import { z } from 'zod'

const Fields = z.record(z.string(), z.string())
const Attack = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  send: z.union([z.strictObject({ query: Fields }), z.strictObject({ json: Fields }), z.strictObject({ form: Fields }), z.strictObject({ header: Fields })]),
})
export type Attack = z.infer<typeof Attack>

export const STANDARD_ATTACKS: readonly Attack[] = z.array(Attack).min(1).parse(JSON.parse(readFileSync(new URL('./standard.json', import.meta.url), 'utf8')))

/** What people and partners really send. */
const HARMLESS: readonly Attack[] = [
  { id: 'harmless-search', send: { query: { q: 'khai sinh', province: 'ha-noi' } } },
  { id: 'harmless-dossier', send: { json: { applicantName: 'Người Thử 000001 Nguyễn Thị', note: 'Địa chỉ thử: số 15, khu 3; bản sao có chứng thực -- đã nộp (thử)' } } },
]

/** No partner, no citizen: whoever reads the logs sees whose requests they were. No op either, since they are no operations of the load. */
const TEST_IDENTITY = { 'x-partner': 'waf-probe', 'user-agent': 'tongduyet-waf-probe/1' }
const ANSWER_MS = 5_000
const AT_ONCE = 8

export type Tried = { id: string; path: string; outcome: 'blocked' | 'passed' | 'no answer' }

/** `edge`: the system id with which the edge signs what it answers itself; firewalls that do not sign must say 403. */
export async function tryAttacks(target: { url: string; edge: string; paths: readonly string[]; signal?: AbortSignal }): Promise<{ attacks: Tried[]; harmless: Tried[] }> {
  const agent = new Agent({ connections: AT_ONCE, pipelining: 1 })
  const run = async (set: readonly Attack[]) => {
    const jobs = target.paths.flatMap((path) => set.map((attack) => ({ attack, path })))
    const tried: Tried[] = []
    for (let from = 0; from < jobs.length; from += AT_ONCE) {
      target.signal?.throwIfAborted()
      tried.push(...await Promise.all(jobs.slice(from, from + AT_ONCE).map(async ({ attack, path }) => ({ id: attack.id, path, outcome: await outcomeOf(attack, path, target, agent) }))))
    }
    return tried
  }
  try {
    return { harmless: await run(HARMLESS), attacks: await run(STANDARD_ATTACKS) }
  } finally { await agent.destroy() }
}

async function outcomeOf({ send }: Attack, path: string, { url, edge }: { url: string; edge: string }, dispatcher: Agent): Promise<Tried['outcome']> {
  const to = new URL(path, url)
  const headers: Record<string, string> = { ...TEST_IDENTITY }
  let body: string | null = null
  if ('query' in send) to.search = new URLSearchParams(send.query).toString()
  if ('header' in send) Object.assign(headers, send.header)
  if ('form' in send) {
    body = new URLSearchParams(send.form).toString()
    headers['content-type'] = 'application/x-www-form-urlencoded'
  }
  if ('json' in send) {
    body = JSON.stringify(send.json)
    headers['content-type'] = 'application/json'
  }
  try {
    const answer = await request(to, { dispatcher, method: body === null ? 'GET' : 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS) })
    await answer.body.dump()
    const signedBy = answer.headers['x-served-by']
    const byEdge = signedBy === edge ? answer.statusCode >= 400 && answer.statusCode < 500 : signedBy === undefined && answer.statusCode === 403
    return byEdge ? 'blocked' : 'passed'
  } catch { return 'no answer' }
}
