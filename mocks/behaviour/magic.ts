/**
 * Magic identifiers of one role (contracts/partner-api/magic.ts) made ready to be looked up: by route or call, field and value. Nothing is remembered: the
 * same identifier gives the same answer always, to everybody.
 */
import { MAGIC, magicKey, type MagicIdentifier } from '../../contracts/partner-api/magic.ts'
import type { CallPlan } from '../delivery/call-plan.ts'
import { refusal } from '../server/route.ts'
import { callPlanOf, type Fields } from './behaviours.ts'
import { outOfService, throttled, type Misbehaviour } from './misbehave.ts'

export type MagicLookUp = {
  pick: (route: string, input: Fields) => Misbehaviour | undefined
  plan: (call: string, fields: Fields) => CallPlan | undefined
}

/** Undefined where the role has none of its own. */
export function magicOf(role: string): MagicLookUp | undefined {
  const rows = MAGIC.filter((row) => row.role === role)
  if (rows.length === 0) return undefined
  const byOperation = new Map([...Map.groupBy(rows, (row) => row.operation)].map(([operation, own]) => [operation, indexed(own)]))
  const find = (operation: string, fields: Fields): MagicIdentifier | undefined => {
    for (const [field, byValue] of byOperation.get(operation) ?? []) {
      const value = fields[field]
      const row = value === undefined || value === null ? undefined : byValue.get(magicKey(field, value as string | number))
      if (row) return row
    }
    return undefined
  }
  return {
    pick(route, input) {
      const row = find(route, input)
      return row && misbehaviourOf(row)
    },
    plan(call, fields) {
      const row = find(call, fields)
      return row && callPlanOf(row.effect, row.effect.delayMs ?? 0)
    },
  }
}

function indexed(rows: readonly MagicIdentifier[]): [field: string, byValue: Map<string, MagicIdentifier>][] {
  return [...Map.groupBy(rows, (row) => row.field)].map(([field, own]) => [field, new Map(own.map((row) => [magicKey(field, row.value), row]))])
}

const THROTTLED_FOR_MS = 2_000

function misbehaviourOf({ id, effect: { status, code = 'SIMULATED_FAILURE', delayMs = 0, reset } }: MagicIdentifier): Misbehaviour {
  const answer = status === undefined ? undefined
    : code === 'THROTTLED' ? throttled(THROTTLED_FOR_MS)
      : code === 'OUT_OF_SERVICE' ? outOfService()
        : refusal(status, code, `simulated by the magic identifier ${id}`)
  return { delayMs, ...(answer && { answer }), ...(reset && { reset }), why: `magic ${id}` }
}
