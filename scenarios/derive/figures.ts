/** The published figures that loads are derived from (`scenarios/mixes/published-figures.yaml`): counts with their source, nothing computed. */
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { Slug } from '../../contracts/ids.ts'
import { Text } from '../../contracts/text.ts'
import { readDocument } from './read-document.ts'

const Source = z.string().min(1)
const Dossiers = z.strictObject({ source: Source, dossiers: z.record(Slug, z.int().min(0)) })

export const PublishedFigures = z.strictObject({
  version: z.literal(1),
  figures: z.array(z.strictObject({ id: Slug, title: Text, value: z.int().min(0), unit: Text, source: Source })),
  ministries: Dossiers,
  provinces: Dossiers,
  /** Published, but wrong or unclear (facts section 3). */
  notUsed: z.array(z.strictObject({ source: Source, published: z.string(), why: Text })),
})
export type PublishedFigures = z.infer<typeof PublishedFigures>

const FILE = fileURLToPath(new URL('../mixes/published-figures.yaml', import.meta.url))

let read: PublishedFigures | undefined
export function publishedFigures(): PublishedFigures { return (read ??= readDocument(FILE, 'scenarios/mixes/published-figures.yaml', PublishedFigures).value) }

export function figureOf(figures: PublishedFigures, id: string): PublishedFigures['figures'][number] {
  const figure = figures.figures.find((candidate) => candidate.id === id)
  if (!figure) throw new Error(`no published figure "${id}"`)
  return figure
}
