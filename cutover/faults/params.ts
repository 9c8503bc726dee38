/** Parameters of faults as they are typed on a command line: numbers as text, lists with `+` (`regions=south+central`). */
import { z } from 'zod'
import { STACK_DATABASES, STACK_ENDS, STACK_PARTNERS, STACK_PARTS } from '../../contracts/platform.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { REGIONS } from '../../contracts/reference/regions.ts'

function list(one: z.ZodType<string>, fallback: readonly string[]) {
  return z.preprocess((value) => typeof value === 'string' ? value.split('+') : value, z.array(one).min(1)).prefault([...fallback])
}

export const regions = (fallback: readonly string[]) => list(z.enum(REGIONS.map((region) => region.id) as [string, ...string[]]), fallback)
export const partners = (fallback: readonly string[]) => list(z.enum(PARTNERS.map((partner) => partner.id) as [string, ...string[]]), fallback)
export const words = (fallback: readonly string[]) => list(z.string().regex(/^[\p{L}]+$/u, 'words of letters'), fallback)
export const share = (fallback: number) => z.coerce.number().gt(0).max(1).default(fallback)
export const delayMs = (fallback: number) => z.coerce.number().int().min(1).max(60_000).default(fallback)
export const requestsPerSecond = (fallback: number) => z.coerce.number().gt(0).max(100_000).default(fallback)
export const queueMs = (fallback: number) => z.coerce.number().int().min(0).max(60_000).default(fallback)
export const paranoia = (fallback: number) => z.coerce.number().int().min(1).max(4).default(fallback)
/** Moment of a disturbance, as a share of the load's time, and how long it lasts on the wall clock. */
export const at = (fallback = 0.5) => z.coerce.number().gt(0).lt(1).default(fallback)
export const seconds = (fallback: number) => z.coerce.number().gt(0).max(3_600).default(fallback)
export const part = (fallback: string) => z.enum([...STACK_PARTS, ...STACK_PARTNERS] as [string, ...string[]]).default(fallback)
export const end = (fallback: string) => z.enum(STACK_ENDS as [string, ...string[]]).default(fallback)
export const database = () => z.enum(STACK_DATABASES).default('postgres-new')
