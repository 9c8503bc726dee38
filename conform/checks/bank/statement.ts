/** The bank's books over a period, page by page. */
import type { z } from 'zod'
import type { Statement } from '../../../contracts/partner-api/roles/bank.ts'
import { answered, Broken, listIn } from '../../check.ts'
import type { Context } from '../../context.ts'

export type Entry = z.infer<typeof Statement>['entries'][number]
const MAX_PAGES = 400

export const around = (context: Context) => ({ from: context.nowMs() - 60_000, to: context.nowMs() + 600_000 })

/** All pages of a period; stops where a page points nowhere new. */
export async function statement(context: Context, period: object, limit?: number): Promise<{ entries: Entry[]; totals: z.infer<typeof Statement>['totals'] }> {
  const entries: Entry[] = []
  let after: number | null = null
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const exchange = await context.ask('statement', { ...period, ...(after !== null && { after }), ...(limit !== undefined && { limit }) })
    answered(exchange, 200)
    entries.push(...listIn(exchange, 'entries'))
    after = exchange.json?.next ?? null
    if (after === null) return { entries, totals: exchange.json?.totals }
  }
  throw new Broken({ vi: 'một trang cuối', en: 'a last page' }, { vi: `hơn ${MAX_PAGES} trang`, en: `more than ${MAX_PAGES} pages` }, context.exchanges.at(-1))
}
