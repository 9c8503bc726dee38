/**
 * The small grammar of completion criteria, watches and gate questions (design section 7):
 * `metric[(argument)] operator number[unit]`, for example `dns.ttl(all) <= 60s`, `portal.submit.p95 < 800ms`, `portal.errorRate < 2%`, `migration.mismatches == 0`.
 * Times become milliseconds, percentages ratios. Errors carry the column.
 */
import { parseDurationMs } from './duration.ts'

export const OPERATORS = ['<=', '>=', '==', '!=', '<', '>'] as const
export type Operator = (typeof OPERATORS)[number]

export type Condition = {
  text: string
  metric: string
  argument: string | undefined
  operator: Operator
  /** In ms, as a ratio, or plain, by `unit`. */
  threshold: number
  unit: 'ms' | 'ratio' | 'count'
}

export type ConditionError = { column: number; what: string; mend: string }

export function parseCondition(text: string): { condition: Condition } | { error: ConditionError } {
  const metric = /^\s*([a-z][A-Za-z0-9]*(?:\.[A-Za-z0-9-]+)*)/.exec(text)
  if (!metric) return fail(text.search(/\S|$/) + 1, 'a metric is missing', 'begin with a metric such as portal.errorRate')
  let at = metric[0].length
  const argument = /^\(\s*([^()]*?)\s*\)/.exec(text.slice(at))
  if (text[at] === '(' && !argument) return fail(at + 1, 'the bracket is not closed', 'close it, as in dns.ttl(all)')
  if (argument) at += argument[0].length
  at += /^\s*/.exec(text.slice(at))![0].length
  const operator = OPERATORS.find((candidate) => text.startsWith(candidate, at))
  if (!operator) return fail(at + 1, `no operator at "${text.slice(at, at + 8)}"`, `use one of ${OPERATORS.join(' ')}`)
  at += operator.length
  at += /^\s*/.exec(text.slice(at))![0].length
  const value = /^(-?\d+(?:\.\d+)?)\s*(%|ms|s|m|h|d)?\s*$/.exec(text.slice(at))
  if (!value) return fail(at + 1, `"${text.slice(at)}" is not a number with a known unit`, 'write a number, or one with %, ms, s, m, h, d')
  const [, number, unit] = value
  const base = { text: text.trim(), metric: metric[1]!, argument: argument?.[1] || undefined, operator }
  if (unit === '%') return { condition: { ...base, threshold: Number(number) / 100, unit: 'ratio' } }
  if (unit) return { condition: { ...base, threshold: parseDurationMs(`${number}${unit}`)!, unit: 'ms' } }
  return { condition: { ...base, threshold: Number(number), unit: 'count' } }
}

export function holds(condition: Pick<Condition, 'operator' | 'threshold'>, observed: number): boolean {
  switch (condition.operator) {
    case '<': return observed < condition.threshold
    case '<=': return observed <= condition.threshold
    case '>': return observed > condition.threshold
    case '>=': return observed >= condition.threshold
    case '==': return observed === condition.threshold
    case '!=': return observed !== condition.threshold
  }
}

function fail(column: number, what: string, mend: string): { error: ConditionError } {
  return { error: { column, what, mend } }
}
