/** What was itself too busy or too late to measure others by: saturated generators and simulators, the machine, iterations that began late. */
import type { Case } from './case.ts'
import { saturated } from './head-room.ts'
import { latenessMsP99 } from './offered.ts'

export async function busyMeanwhile(kase: Case): Promise<string[]> {
  const { value: late } = await latenessMsP99(kase)
  // A generator that starts late by itself measures its own machine.
  return [...await saturated(kase), ...(late !== null && late > kase.plan.profile.limits.latenessMsP99 ? [`the load generator, ${late} ms late`] : [])]
}
