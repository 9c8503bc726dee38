/**
 * Every answer that came in a run against what the contract says the operation answers: the status is listed, the body has the form. One requirement for
 * each operation; one that was never asked cannot be judged.
 */
import { COMMON_REFUSALS, RefusalBody, type Operation } from '../contracts/partner-api/operation.ts'
import type { RoleContract } from '../contracts/partner-api/role.ts'
import { Broken, NotTriggerable, type Check, type Flow } from './check.ts'
import type { Exchange } from './exchange.ts'

const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i
const ALWAYS: ReadonlySet<number> = new Set(Object.values(COMMON_REFUSALS).map(({ status }) => status))

export function createAnswerBook(role: RoleContract) {
  const asked = new Map<string, { count: number; wrong?: { exchange: Exchange; what: string } }>()
  const operations = new Map(role.operations.map((operation) => [operation.name, operation]))
  return {
    note(name: string, exchange: Exchange): void {
      const operation = operations.get(name)
      if (!operation || exchange.status === null) return
      const entry = asked.get(name) ?? { count: 0 }
      asked.set(name, entry)
      entry.count += 1
      const what = mistakeIn(operation, exchange)
      if (what !== undefined) entry.wrong ??= { exchange, what }
    },

    /** To be run after all others. */
    checks(flowOf: (operation: string) => Flow): Check[] {
      return role.operations.map(({ name, summary }): Check => ({
        id: `answers.${name}`, flow: flowOf(name),
        requirement: { vi: `Mọi trả lời của "${name}" đúng mã trạng thái và dạng đã nêu (${summary.vi})`, en: `Every answer of "${name}" has a status and a form that the contract lists (${summary.en})` },
        run: async () => {
          const entry = asked.get(name)
          if (!entry) throw new NotTriggerable({ vi: 'chưa lần nào có trả lời', en: 'it was never answered' })
          if (entry.wrong) throw new Broken({ vi: 'trả lời như hợp đồng nêu', en: 'an answer as the contract lists it' }, { vi: entry.wrong.what, en: entry.wrong.what }, entry.wrong.exchange)
        },
      }))
    },
  }
}

/** Undefined where the answer is as documented. */
export function mistakeIn(operation: Operation, { status, json, headers }: Exchange): string | undefined {
  const schema = operation.answers[status!]
  if (schema === null) return undefined
  const form = schema ?? (ALWAYS.has(status!) ? RefusalBody : undefined)
  if (form === undefined) return `status ${status} is not listed for "${operation.name}"`
  const type = String(headers['content-type'] ?? '')
  if (!JSON_TYPE.test(type)) return `status ${status}: content-type ${type === '' ? 'is missing' : `is "${type}"`}, not application/json`
  const parsed = form.safeParse(json)
  if (parsed.success) return undefined
  return `status ${status}: ${parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ')}`
}
