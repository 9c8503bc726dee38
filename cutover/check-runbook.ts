/**
 * What a runbook's schema cannot say: known actions with fitting parameters, known metrics with fitting arguments and units, known parties and
 * partners, ids once, times in order and inside the window, and a way back from every gate. All problems at once, each with its path.
 */
import { z } from 'zod'
import { parseCondition } from '../contracts/condition.ts'
import { suggest } from '../contracts/did-you-mean.ts'
import { clockOffsetMs } from '../contracts/duration.ts'
import { PARTNERS } from '../contracts/reference/partners.ts'
import { entryId, isGate, type Runbook, type RunbookGate, type RunbookStep } from '../contracts/runbook.ts'
import { WAVE } from './metrics/metric.ts'
import { METRICS } from './metrics/index.ts'
import { STEP_ACTIONS } from './steps/index.ts'

export type RunbookProblem = { path: (string | number)[]; code: string; what: string; mend: string }

const PARTNER_IDS = PARTNERS.map((partner) => partner.id)

export function checkRunbook(runbook: Runbook): RunbookProblem[] {
  const problems: RunbookProblem[] = []
  const parties = Object.keys(runbook.parties)
  const party = (name: string | undefined, path: (string | number)[]) => {
    if (name !== undefined && !parties.includes(name)) {
      problems.push({ path, code: 'RUNBOOK_PARTY_UNKNOWN', what: `"${name}" is no party of this runbook`, mend: `define it under "parties:"; ${suggest(name, parties)}` })
    }
  }
  const partner = (name: string, path: (string | number)[]) => {
    if (!PARTNER_IDS.includes(name)) problems.push({ path, code: 'RUNBOOK_PARTNER_UNKNOWN', what: `"${name}" is no partner`, mend: suggest(name, PARTNER_IDS) })
  }
  const conditions = (texts: readonly string[], path: (string | number)[]) => {
    texts.forEach((text, at) => problems.push(...checkCondition(text).map((problem) => ({ path: [...path, at], ...problem }))))
  }

  conditions(runbook.steadyState, ['steadyState'])
  runbook.unfinished.forEach((entry, at) => partner(entry.partner, ['unfinished', at, 'partner']))
  problems.push(...checkIds(runbook), ...checkTimes(runbook))
  runbook.steps.forEach((entry, at) => {
    const path = ['steps', at]
    if (isGate(entry)) {
      party(entry.approver, [...path, 'approver'])
      conditions(entry.asks, [...path, 'asks'])
      problems.push(...checkWayBack(runbook, entry, at))
      return
    }
    party(entry.owner, [...path, 'owner'])
    party(entry.fallback.escalate, [...path, 'fallback', 'escalate'])
    conditions(entry.doneWhen, [...path, 'doneWhen'])
    conditions(entry.watch, [...path, 'watch'])
    problems.push(...checkFallback(entry, at), ...checkAction(entry, at, partner))
  })
  return problems
}

function checkCondition(text: string): Omit<RunbookProblem, 'path'>[] {
  const parsed = parseCondition(text)
  if ('error' in parsed) {
    return [{ code: 'RUNBOOK_CONDITION_SYNTAX', what: `"${text}", column ${parsed.error.column}: ${parsed.error.what}`, mend: parsed.error.mend }]
  }
  const { metric: id, argument, unit } = parsed.condition
  const metric = METRICS.get(id)
  if (!metric) return [{ code: 'RUNBOOK_METRIC_UNKNOWN', what: `"${text}" asks for "${id}", which is no metric`, mend: suggest(id, [...METRICS.keys()]) }]
  const problems: Omit<RunbookProblem, 'path'>[] = []
  const { words, waves, required } = metric.arguments
  const allowed = [...words, ...(waves ? ['wave-1'] : [])]
  if (argument === undefined && required) {
    problems.push({ code: 'RUNBOOK_ARGUMENT_MISSING', what: `"${text}": ${id} needs an argument`, mend: `write ${id}(${allowed[0]}); ${suggest('', allowed)}` })
  } else if (argument !== undefined && !words.includes(argument) && !(waves && WAVE.test(argument))) {
    const mend = allowed.length === 0 ? `write ${id} without brackets` : suggest(argument, allowed)
    problems.push({ code: 'RUNBOOK_ARGUMENT_UNKNOWN', what: `"${text}": ${id} has no argument "${argument}"`, mend })
  }
  if (unit !== metric.unit) {
    const example = { ms: '800ms or 60s', ratio: '2%', count: '0' }[metric.unit]
    problems.push({ code: 'RUNBOOK_UNIT_WRONG', what: `"${text}": ${id} is compared with the wrong unit`, mend: `compare it with a number such as ${example}` })
  }
  return problems
}

function checkIds(runbook: Runbook): RunbookProblem[] {
  const seen = new Set<string>()
  return runbook.steps.flatMap((entry, at) => {
    const id = entryId(entry)
    if (!seen.has(id)) { seen.add(id); return [] }
    return [{ path: ['steps', at, isGate(entry) ? 'gate' : 'id'], code: 'RUNBOOK_ID_TWICE', what: `"${id}" names two entries`, mend: 'give each step and gate an id of its own' }]
  })
}

function checkTimes({ window, steps }: Runbook): RunbookProblem[] {
  const problems: RunbookProblem[] = []
  const endMs = clockOffsetMs(window.start, window.end)
  let last = { ms: 0, time: window.start }
  steps.forEach((entry, at) => {
    if (entry.at === undefined) return
    const ms = clockOffsetMs(window.start, entry.at)
    const path = ['steps', at, 'at']
    if (ms > endMs) {
      problems.push({ path, code: 'RUNBOOK_TIME_OUTSIDE', what: `"${entryId(entry)}" is at ${entry.at}, outside the window ${window.start} to ${window.end}`, mend: 'move it into the window, or widen the window' })
    } else if (ms < last.ms) {
      problems.push({ path, code: 'RUNBOOK_TIME_ORDER', what: `"${entryId(entry)}" is at ${entry.at}, before the entry above it at ${last.time}`, mend: 'put the entries in the order of their times' })
    } else {
      last = { ms, time: entry.at }
    }
  })
  return problems
}

function checkFallback({ id, fallback }: RunbookStep, at: number): RunbookProblem[] {
  if (fallback.undo !== fallback.proceed) return []
  const what = fallback.undo ? `the fallback of "${id}" says both undo and proceed` : `the fallback of "${id}" says neither undo nor proceed`
  return [{ path: ['steps', at, 'fallback'], code: 'RUNBOOK_FALLBACK_UNCLEAR', what, mend: 'write { undo: true } to take the run back, or { proceed: true } to go on and let the gate decide' }]
}

function checkWayBack(runbook: Runbook, gate: RunbookGate, at: number): RunbookProblem[] {
  if (gate.onNo === 'record') return []
  const back = runbook.steps.slice(0, at).some((entry) => !isGate(entry) && STEP_ACTIONS.get(Object.keys(entry.do)[0]!)?.undo)
  if (back) return []
  return [{ path: ['steps', at, 'gate'], code: 'RUNBOOK_GATE_NO_WAY_BACK', what: `gate "${gate.gate}" can say no, but no step before it can be undone`, mend: 'put the gate after the steps that it decides on, or write onNo: record' }]
}

function checkAction(step: RunbookStep, at: number, partner: (name: string, path: (string | number)[]) => void): RunbookProblem[] {
  const [id, params] = Object.entries(step.do)[0]!
  const path = ['steps', at, 'do']
  const action = STEP_ACTIONS.get(id)
  if (!action) return [{ path: [...path, id], code: 'RUNBOOK_ACTION_UNKNOWN', what: `"${id}" is no action`, mend: suggest(id, [...STEP_ACTIONS.keys()]) }]
  const parsed = action.schema.safeParse(params)
  if (!parsed.success) return parsed.error.issues.map((issue) => paramProblem(id, action.schema, issue, [...path, id]))
  const named = parsed.data as { partners?: string[]; except?: string[] }
  for (const list of ['partners', 'except'] as const) named[list]?.forEach((name, index) => partner(name, [...path, id, list, index]))
  return []
}

function paramProblem(action: string, schema: z.ZodType, issue: z.core.$ZodIssue, path: (string | number)[]): RunbookProblem {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!
    return { path: [...path, key], code: 'RUNBOOK_PARAMETER_UNKNOWN', what: `${action} has no parameter "${key}"`, mend: known.length > 0 ? suggest(key, known) : `write ${action}: {}` }
  }
  const inner = issue.path.map((segment) => typeof segment === 'symbol' ? String(segment) : segment)
  return { path: [...path, ...inner], code: 'RUNBOOK_PARAMETER_INVALID', what: `${action}: ${inner.join('.') || 'the parameters'}: ${issue.message}`, mend: known.length > 0 ? `${action} takes ${known.join(', ')}` : `write ${action}: {}` }
}
