/** How a documented total is split over partners and waves: `contracts/reference/split-*.yaml`. */
import { z } from 'zod'
import { Slug } from './ids.ts'
import { Text } from './text.ts'

export const Split = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  total: z.int(),
  source: z.string(),
  assumption: Text,
  partners: z.array(z.strictObject({ id: Slug, wave: z.int().min(1), count: z.int().min(0) })).min(1),
}).refine((split) => split.partners.reduce((sum, partner) => sum + partner.count, 0) === split.total, 'the partners\' counts must add up to total')
export type Split = z.infer<typeof Split>
