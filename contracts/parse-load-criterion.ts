/**
 * Reads and writes criteria of a load: `p95(submit.apply@citizen) < 800ms for 30s in peak min 50 stop` (meaning: `load-criterion.ts`). In: the text and
 * the words that exist; words that are not handed in are not checked. Out: the criterion, its `text` in the one form that `printLoadCriterion`
 * writes, or the first error with its 1-based column. parse(print(c)) = c. The parts behind the threshold may come in any order.
 */
import { OPERATORS, type Operator } from './condition.ts'
import { suggest } from './did-you-mean.ts'
import { formatExactly, parseDurationMs } from './duration.ts'
import { LOAD_FUNCTIONS, thresholdUnit, type LoadCriterion, type LoadCriterionError, type LoadFunction, type ThresholdUnit } from './load-criterion.ts'

export type LoadVocabulary = {
  flows?: readonly string[]
  /** Steps of each flow. */
  steps?: Readonly<Record<string, readonly string[]>>
  actors?: readonly string[]
  phases?: readonly string[]
}

const UNITS: Record<ThresholdUnit, readonly string[]> = { ms: ['ms', 's', 'm', 'h'], ratio: ['%'], perSecond: ['/s'], count: [] }
const WINDOW_UNITS = ['ms', 's', 'm', 'h'] as const
const CLAUSES = ['for', 'within', 'in', 'min', 'stop'] as const
const EXAMPLES: Record<ThresholdUnit, string> = { ms: '800ms', ratio: '1%', perSecond: '50/s', count: '28469' }

class Mistake extends Error {
  readonly detail: LoadCriterionError
  constructor(at: number, what: string, mend: string) {
    super(what)
    this.detail = { column: at + 1, what, mend }
  }
}

export function parseLoadCriterion(text: string, known: LoadVocabulary = {}): { criterion: LoadCriterion } | { error: LoadCriterionError } {
  try {
    const criterion = read(new Scanner(text), known)
    return { criterion: { ...criterion, text: printLoadCriterion(criterion) } }
  } catch (error) {
    if (error instanceof Mistake) return { error: error.detail }
    throw error
  }
}

export function printLoadCriterion(criterion: Omit<LoadCriterion, 'text'>): string {
  const { operator, window, phase, minSamples, stop } = criterion
  return [
    `${measureOf(criterion)} ${operator} ${printThreshold(criterion)}`, window && `${window.kind} ${formatExactly(window.ms)}`, phase && `in ${phase}`,
    minSamples !== undefined && `min ${minSamples}`, stop && 'stop',
  ].filter(Boolean).join(' ')
}

/** What is measured, without its limit: `p95(submit.apply@citizen)`. */
export function measureOf({ fn, flow, step, actor }: Pick<LoadCriterion, 'fn' | 'flow' | 'step' | 'actor'>): string {
  return `${fn}(${flow}${step === undefined ? '' : `.${step}`}${actor === undefined ? '' : `@${actor}`})`
}

/** Under which a baseline keeps the value: `p95(submit) in peak`. */
export function baselineKey(criterion: Pick<LoadCriterion, 'fn' | 'flow' | 'step' | 'actor' | 'phase'>): string {
  return `${measureOf(criterion)}${criterion.phase === undefined ? '' : ` in ${criterion.phase}`}`
}

function printThreshold({ fn, threshold, relative }: Pick<LoadCriterion, 'fn' | 'threshold' | 'relative'>): string {
  if (relative) return `${threshold}x baseline`
  switch (thresholdUnit(fn)) {
    case 'ms': return formatExactly(threshold)
    // 0.07 × 100 is 7.000000000000001.
    case 'ratio': return `${Number((threshold * 100).toPrecision(12))}%`
    case 'perSecond': return `${threshold}/s`
    case 'count': return String(threshold)
  }
}

/** Where reading stands in the text, blanks passed over. */
class Scanner {
  readonly text: string
  at = 0
  constructor(text: string) { this.text = text }
  /** The match of a pattern (with flag y) here, passed over. */
  take(pattern: RegExp): RegExpExecArray | null {
    this.at += /^\s*/.exec(this.text.slice(this.at))![0].length
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)
    if (match) this.at += match[0].length
    return match
  }
  get rest(): string { return this.text.slice(this.at).trim() }
}

function read(scan: Scanner, known: LoadVocabulary): Omit<LoadCriterion, 'text'> {
  const fn = functionOf(scan)
  const named = subject(scan, known)
  const operator = OPERATORS.find((candidate) => scan.take(new RegExp(candidate, 'y')))
  if (!operator) throw new Mistake(scan.at, scan.rest === '' ? 'an operator is missing' : `no operator at "${scan.rest.slice(0, 8)}"`, `use one of ${OPERATORS.join(' ')}`)
  if ((operator === '==' || operator === '!=') && fn !== 'count') throw new Mistake(scan.at - operator.length, `${fn} is never the same twice`, 'only counts are compared by == and !=; use < <= > >=')
  const limit = threshold(scan, fn)
  return { fn, ...named, operator: operator satisfies Operator, ...limit, ...clauses(scan, known) }
}

function functionOf(scan: Scanner): LoadFunction {
  const word = scan.take(/[A-Za-z]\w*/y)?.[0]
  if (word === undefined) throw new Mistake(scan.at, 'a function is missing', `begin with one of ${LOAD_FUNCTIONS.join(', ')}, as in p95(submit) < 800ms`)
  const at = scan.at - word.length
  if (!(LOAD_FUNCTIONS as readonly string[]).includes(word)) throw new Mistake(at, `function "${word}" is not known`, suggest(word, LOAD_FUNCTIONS))
  if (!scan.take(/\(/y)) throw new Mistake(scan.at, `"${word}" has no bracket`, `say of which flow, as in ${word}(submit) or ${word}(all)`)
  return word as LoadFunction
}

function subject(scan: Scanner, known: LoadVocabulary): Pick<LoadCriterion, 'flow' | 'step' | 'actor'> {
  const flow = wordOf(scan, /[a-z][a-z0-9-]*/y, 'a flow', known.flows && ['all', ...known.flows])
  const step = scan.take(/\./y) ? wordOf(scan, /[a-z][a-z0-9-]*/y, `a step of ${flow}`, known.steps?.[flow]) : undefined
  if (step !== undefined && flow === 'all') throw new Mistake(scan.at - step.length, `step "${step}" belongs to no flow`, `name its flow: submit.${step}`)
  const actor = scan.take(/@/y) ? wordOf(scan, /[a-z][a-z0-9-]*/y, 'an actor', known.actors) : undefined
  if (!scan.take(/\)/y)) throw new Mistake(scan.at, 'the bracket is not closed', 'close it, as in p95(submit)')
  return { flow, ...(step !== undefined && { step }), ...(actor !== undefined && { actor }) }
}

function wordOf(scan: Scanner, pattern: RegExp, what: string, allowed: readonly string[] | undefined): string {
  const word = scan.take(pattern)?.[0]
  if (word === undefined) throw new Mistake(scan.at, `${what} is missing`, allowed ? `use one of: ${allowed.join(', ')}` : 'write lower-case letters, digits and hyphens')
  if (allowed && !allowed.includes(word)) throw new Mistake(scan.at - word.length, `${what.replace(/^an? /, '')} "${word}" is not known`, suggest(word, allowed))
  return word
}

function threshold(scan: Scanner, fn: LoadFunction): { threshold: number; relative: boolean } {
  const number = scan.take(/-?\d+(?:\.\d+)?/y)?.[0]
  if (number === undefined) throw new Mistake(scan.at, 'a number is missing', `write a limit, as in ${EXAMPLES[thresholdUnit(fn)]}`)
  const at = scan.at - number.length
  if (number.startsWith('-')) throw new Mistake(at, `the limit ${number} is below zero`, 'no measure of a load is negative')
  const unit = scan.take(/(?:[a-z%]+|\/\s*[a-z]+)/iy)
  const word = unit === null || (CLAUSES as readonly string[]).includes(unit[0]) ? '' : unit[0].replaceAll(/\s/g, '')
  if (unit && word === '') scan.at -= unit[0].length
  if (word === 'x') {
    if (!scan.take(/baseline\b/y)) throw new Mistake(scan.at, `${number}x of what?`, `write ${number}x baseline`)
    return { threshold: Number(number), relative: true }
  }
  const of = thresholdUnit(fn)
  const units = UNITS[of]
  if (!units.includes(word) && !(word === '' && units.length === 0)) {
    const mend = units.length === 0 ? `${fn} is a plain number, as in ${EXAMPLES[of]}, or a multiple such as 1.2x baseline` : suggest(word, [...units, 'x baseline'])
    throw new Mistake(word === '' ? scan.at : scan.at - unit![0].length, word === '' ? `the limit of ${fn} has no unit` : `unit "${word}" is not one of ${fn}`, mend)
  }
  const value = of === 'ms' ? durationOf(number, word) : of === 'ratio' ? Number(number) / 100 : Number(number)
  if (of === 'ratio' && value > 1) throw new Mistake(at, `${number}% is more than all`, 'write a share of at most 100%')
  if (of === 'count' && !Number.isInteger(value)) throw new Mistake(at, `${number} is no number of operations`, 'write a whole number')
  return { threshold: value, relative: false }
}

function clauses(scan: Scanner, known: LoadVocabulary): Pick<LoadCriterion, 'window' | 'phase' | 'minSamples' | 'stop'> {
  const found: Pick<LoadCriterion, 'window' | 'phase' | 'minSamples'> & { stop: boolean } = { stop: false }
  const once = (word: string, there: boolean) => { if (there) throw new Mistake(scan.at - word.length, `"${word}" comes a second time`, 'say it once; a criterion has one window and one phase') }
  while (scan.rest !== '') {
    const word = scan.take(/[^\s]+/y)![0]
    switch (word) {
      case 'for': case 'within': once(word, found.window !== undefined); found.window = { kind: word, ms: windowMs(scan, word) }; break
      case 'in': once(word, found.phase !== undefined); found.phase = wordOf(scan, /[a-z][a-z0-9-]*/y, 'a phase', known.phases); break
      case 'min': once(word, found.minSamples !== undefined); found.minSamples = leastSamples(scan); break
      case 'stop': once(word, found.stop); found.stop = true; break
      default: throw new Mistake(scan.at - word.length, `"${word}" is not understood here`, suggest(word, CLAUSES))
    }
  }
  return found
}

function windowMs(scan: Scanner, kind: string): number {
  const number = scan.take(/\d+(?:\.\d+)?/y)?.[0]
  if (number === undefined) throw new Mistake(scan.at, `how long "${kind}" is, is missing`, `write a duration, as in ${kind} 30s`)
  const unit = scan.take(/[a-z]+/iy)?.[0] ?? ''
  if (!(WINDOW_UNITS as readonly string[]).includes(unit)) throw new Mistake(scan.at - unit.length, unit === '' ? `${number} has no unit` : `unit "${unit}" is not known`, suggest(unit, WINDOW_UNITS))
  const ms = durationOf(number, unit)
  if (ms <= 0) throw new Mistake(scan.at - unit.length - number.length, 'a window of no length holds nothing', `write a duration, as in ${kind} 30s`)
  return ms
}

function leastSamples(scan: Scanner): number {
  const number = scan.take(/\d+/y)?.[0]
  if (number === undefined || Number(number) < 1) throw new Mistake(number === undefined ? scan.at : scan.at - number.length, 'a number of samples is missing', 'write at least 1, as in min 50')
  return Number(number)
}

/** Whole microseconds: 1.001 × 1,000 is 1,000.9999999999999. */
function durationOf(number: string, unit: string): number { return Number(parseDurationMs(`${number}${unit}`)!.toFixed(3)) }
