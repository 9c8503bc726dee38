/**
 * Conditions of a runbook, put to the metrics: `observed` null (and `held` null) where a metric could not be measured, whatever the reason.
 * Texts were checked when the runbook was read; one that still does not parse counts as not measurable.
 */
import { holds, parseCondition, type Condition } from '../contracts/condition.ts'
import type { ConditionResult } from '../contracts/journal.ts'
import { METRICS } from './metrics/index.ts'
import type { Night } from './night.ts'

export async function evaluate(texts: readonly string[], night: Night): Promise<ConditionResult[]> {
  return Promise.all(texts.map(async (text) => {
    const parsed = parseCondition(text)
    const observed = 'condition' in parsed ? await measure(parsed.condition, night) : null
    return { condition: text, observed, held: observed === null || !('condition' in parsed) ? null : holds(parsed.condition, observed) }
  }))
}

async function measure(condition: Condition, night: Night): Promise<number | null> {
  try {
    const value = await METRICS.get(condition.metric)?.measure(night, condition.argument)
    return value === undefined || value === null || !Number.isFinite(value) ? null : value
  } catch {
    // A system that cannot be asked is a system of which nothing is known.
    return null
  }
}

export function allHold(results: readonly ConditionResult[]): boolean { return results.length > 0 && results.every((result) => result.held === true) }

/** True where one does not hold that waiting will not change. */
export function cannotHold(results: readonly ConditionResult[]): boolean {
  return results.some(({ condition, held }) => {
    if (held !== false) return false
    const parsed = parseCondition(condition)
    return 'condition' in parsed && METRICS.get(parsed.condition.metric)?.fixed === true
  })
}

/** `migration.mismatches == 0 (7)`, for the ones that do not hold. */
export function explainOpen(results: readonly ConditionResult[]): string {
  return results.filter((result) => result.held !== true)
    .map((result) => `${result.condition} (${result.observed === null ? 'not measurable' : Number(result.observed.toFixed(4))})`).join('; ')
}
