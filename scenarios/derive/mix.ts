/**
 * A mix: what one dossier of the volume brings with it (`scenarios/mixes/*.yaml`). Every rate is the ratio of two published figures, or a value with its
 * assumption in words. Fails with MIX_UNKNOWN, FIGURE_UNKNOWN and the codes of `read-document.ts`.
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError } from '../../contracts/error.ts'
import { Slug } from '../../contracts/ids.ts'
import { Text } from '../../contracts/text.ts'
import { FATE_SHARES } from '../cast/fate.ts'
import { publishedFigures } from './figures.ts'
import { readDocument } from './read-document.ts'

const Assumed = z.strictObject({ value: z.number().min(0), assumption: Text })
const Published = z.strictObject({ figure: Slug, per: Slug })
export const Rate = z.union([Assumed, Published])
export type Rate = z.infer<typeof Rate>
export type Assumed = z.infer<typeof Assumed>

const Share = z.union([Assumed.refine(({ value }) => value <= 1, 'a share is at most 1'), Published])
const AssumedShare = Assumed.refine(({ value }) => value <= 1, 'a share is at most 1')

export const Mix = z.strictObject({
  version: z.literal(1),
  name: Slug,
  title: Text,
  direct: Share, redirected: Share,
  /** Of the synced dossiers. */
  provinces: Share,
  /** Weight of a partner of which no figure is published. */
  otherProvince: Assumed, otherMinistry: Assumed,
  /** Share of the synced dossiers with status updates. */
  statuses: Share,
  /** Per dossier. */
  payments: Rate, sms: Rate, feedback: Rate, reports: Rate, lookUps: Rate, visitors: Rate,
  /** Figures whose proportions they have. */
  kindsOfPayment: z.strictObject({ 'fee': Slug, 'fine': Slug, 'social-insurance': Slug }),
  foreigners: Share, companies: Share, logout: Share,
  fates: z.strictObject(Object.fromEntries(FATE_SHARES.map((name) => [name, AssumedShare])) as Record<(typeof FATE_SHARES)[number], typeof AssumedShare>),
  atLeast: Assumed, actsAtLeast: Assumed, raisedAtMost: AssumedShare, gapMs: Assumed,
}).refine(({ direct, redirected }) => !('value' in direct && 'value' in redirected) || direct.value + redirected.value <= 1, 'direct and redirected are more than all dossiers')
export type Mix = z.infer<typeof Mix>

const DIRECTORY = fileURLToPath(new URL('../mixes/', import.meta.url))
const FIGURES = 'published-figures'

export function mixNames(): string[] {
  return readdirSync(DIRECTORY).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length)).filter((name) => name !== FIGURES).toSorted()
}

/** `where`: the place that names the mix. */
export function readMix(name: string, where: string): Mix {
  const names = mixNames()
  if (!names.includes(name)) throw new InputError([{ code: 'MIX_UNKNOWN', what: `mix "${name}" is not known`, where, mend: suggest(name, names) }])
  return mixFrom(`${DIRECTORY}${name}.yaml`, `scenarios/mixes/${name}.yaml`)
}

export function mixFrom(file: string, shown: string): Mix {
  const { value: mix, place } = readDocument(file, shown, Mix)
  const known = publishedFigures().figures.map(({ id }) => id)
  const named = Object.entries(mix).flatMap(([key, value]) => Object.entries(typeof value === 'object' ? value : {})
    .filter(([inner]) => inner === 'figure' || inner === 'per' || key === 'kindsOfPayment').map(([inner, id]) => ({ path: [key, inner], id: String(id) })))
  const problems = named.filter(({ id }) => !known.includes(id))
    .map(({ path, id }) => ({ code: 'FIGURE_UNKNOWN', what: `figure "${id}" is not published`, where: place(path), mend: suggest(id, known) }))
  if (problems.length > 0) throw new InputError(problems)
  return mix
}
