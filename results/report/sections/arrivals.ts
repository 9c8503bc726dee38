/** Planned against begun iterations over the window, drawn and in figures: the peaks of the day must stand in both. */
import { arrivalsChart } from '../charts/arrivals.ts'
import { ARRIVAL_ACTORS } from '../measures/arrivals.ts'
import { html, type Html } from '../markup.ts'
import { section, type Page } from '../page.ts'
import { printNumber } from '../print-values.ts'
import { nightSpan } from './timeline.ts'

/** Buckets joined, so that the table stays readable. */
const JOINED = 5

export function arrivals(page: Page): Html | null {
  const { arrivals: measured } = page.model
  if (!measured) return null
  return section(page, 'arrivals', page.say('arrivals'),
    html`<p class="note">${page.say('arrivalsIntro', { n: page.number(measured.begunTotal), m: page.number(measured.plannedTotal) })} ${page.say('sourceIs', { s: 'plan.json, history/' })}</p>`,
    arrivalsChart(page, measured, nightSpan(page)),
    html`<details><summary>${page.say('arrivalsTable')}</summary>${table(page)}</details>`)
}

function table(page: Page): Html {
  const { planned, begun, middles, bucketWallMs } = page.model.arrivals!
  const starts = Array.from({ length: Math.ceil(planned.length / JOINED) }, (_, index) => index * JOINED)
  const rate = (counts: readonly number[], from: number) => printNumber(counts.slice(from, from + JOINED).reduce((sum, count) => sum + count, 0) * 1_000 / (bucketWallMs * JOINED), page.language, 1)
  return html`<div class="scroll"><table class="plain"><caption>${page.say('arrivalAxis')}</caption><thead><tr><th scope="col">${page.say('time')} (${page.say('scenarioClock')})</th><th scope="col" class="num">${page.say('planned')}</th>${ARRIVAL_ACTORS.map((actor) => html`<th scope="col" class="num">${page.say(`actor.${actor}`)}</th>`)}</tr></thead>
<tbody>${starts.map((from) => html`<tr><th scope="row">${page.clock(middles[from]!)}</th><td class="num">${rate(planned, from)}</td>${ARRIVAL_ACTORS.map((actor) => html`<td class="num">${rate(begun[actor], from)}</td>`)}</tr>`)}</tbody></table></div>`
}
