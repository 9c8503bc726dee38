/**
 * What will happen to a dossier that a citizen submits in an iteration: a pure function of seed, scenario and iteration, so that the officer who
 * handles it, the citizen who answers and the plan's counts agree without asking each other. In: the submitting scenario's name and shares.
 * Shares (0 where not named, `pay` 1 where the journey pays): desk, refused, outside, supplement, withdrawn, stopped, pay, counter.
 */
import { drawsOf, type Draw } from './draw.ts'

export const FATES = [
  /** Handled by an officer without an account: on the partner's own system, synced up. The others below are handled on the coordination system. */
  'desk',
  'refused', 'received',
  /** Received by an officer of another territory (004 II.1). */
  'outside',
  'supplement', 'withdrawn', 'stopped', 'finished',
  /** Whatever was finished: its result is returned. */
  'returned',
  /** Not paid online and handled to the end: paid at the counter where there is a fee. */
  'counter',
  /** Paid online and then refused, withdrawn or stopped: paid back. */
  'refund',
] as const
export type Fate = (typeof FATES)[number]

/** Shares of a submitting scenario that decide fates; 0 where not named. */
export const FATE_SHARES = ['desk', 'refused', 'outside', 'supplement', 'withdrawn', 'stopped', 'counter'] as const
type FateShare = (typeof FATE_SHARES)[number]

export function fatesOf(seed: number, scenario: { name: string; journey: readonly string[]; shares: Readonly<Record<string, number>> }, iteration: number): ReadonlySet<Fate> {
  const draw = drawsOf(seed, scenario.name, iteration)
  const happens = (share: FateShare) => happensBy(draw, scenario.shares, share)
  const fates = new Set<Fate>()
  const paysOnline = scenario.journey.includes('pay') && draw('takes/pay') < (scenario.shares['pay'] ?? 1)
  if (!paysOnline && happens('counter')) fates.add('counter')
  if (happens('desk')) return fates.add('desk')
  if (happens('refused')) fates.add('refused')
  else {
    fates.add('received')
    if (happens('outside')) fates.add('outside')
    if (happens('withdrawn')) fates.add('withdrawn')
    else {
      if (happens('supplement')) fates.add('supplement')
      if (happens('stopped')) fates.add('stopped')
      else fates.add('finished').add('returned')
    }
  }
  if (fates.has('refused') || fates.has('withdrawn') || fates.has('stopped')) {
    if (paysOnline) fates.add('refund')
    // Whether it is paid before it ends would be a matter of milliseconds.
    fates.delete('counter')
  }
  return fates
}

/** Whether a share's part of the fate comes to pass, whatever else does. */
export function happensBy(draw: Draw, shares: Readonly<Record<string, number>>, share: FateShare): boolean {
  const of = shares[share]
  return of !== undefined && draw(`fate/${share}`) < of
}

/** Iterations of the submitting scenario that have a fate, in order. */
export function iterationsAmong(seed: number, scenario: { name: string; journey: readonly string[]; shares: Readonly<Record<string, number>>; count: number }, fate: Fate): number[] {
  const iterations: number[] = []
  for (let iteration = 0; iteration < scenario.count; iteration += 1) if (fatesOf(seed, scenario, iteration).has(fate)) iterations.push(iteration)
  return iterations
}
