/** Options that `rehearse` and `load` share, from text to values; what cannot be read is a coded problem with its place. */
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError } from '../../contracts/error.ts'
import { OWN_STACKS, type OwnStack, type TargetKind, type Wish } from '../rehearse/resolve.ts'

export const DEFAULT_SEED = '20260410'
/** More k6 processes than this on one machine only take its cores from each other. */
const MAX_WORKERS = 16

export function targetKindOf(target: string): TargetKind {
  const own = OWN_STACKS.find((candidate) => candidate === target)
  if (own) return own
  if (/[\\/]|\.ya?ml$/.test(target)) return 'file'
  throw new InputError([{ code: 'TARGET_UNSUPPORTED', what: `target "${target}" is none`, where: '--target', mend: `${suggest(target, OWN_STACKS)}, or the path of a target file (.yaml)` }])
}

/** A stack that the product itself can run. */
export function ownStackOf(target: string): OwnStack {
  const kind = targetKindOf(target)
  if (kind !== 'file') return kind
  throw new InputError([{ code: 'TARGET_UNSUPPORTED', what: `"${target}" is no stack that can be started`, where: '--target', mend: `use one of: ${OWN_STACKS.join(', ')}` }])
}

/** What `--target` says, as a part of the wish. */
export function targetWish(target: string): Pick<Wish, 'target' | 'targetFile'> {
  const kind = targetKindOf(target)
  return { target: kind, ...(kind === 'file' && { targetFile: target }) }
}

export function wholeNumber(text: string, where: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text)
  throw new InputError([{ code: 'NUMBER_INVALID', what: `"${text}" is not a whole number`, where, mend: 'write digits only, such as 7' }])
}

export function timeScaleOf(text: string): number {
  return numberBetween(text, 1, 10_000, '--time-scale', 'is no time scale', '140 replays seven hours in three minutes')
}

export function multiplierOf(text: string): number {
  return numberBetween(text, 0.001, 1_000, '--multiplier', 'is no multiplier', '2 doubles every derived rate')
}

export function workersOf(text: string): number {
  const value = numberBetween(text, 1, MAX_WORKERS, '--workers', 'is no number of k6 processes', '3 shares the load between three')
  return wholeNumber(String(value), '--workers')
}

function numberBetween(text: string, least: number, most: number, where: string, what: string, example: string): number {
  const value = text.trim() === '' ? NaN : Number(text)
  if (Number.isFinite(value) && value >= least && value <= most) return value
  throw new InputError([{ code: 'NUMBER_INVALID', what: `"${text}" ${what}`, where, mend: `write a number between ${least} and ${most}; ${example}` }])
}
