/** Answer times by flow and step: a bar from p50 to p95 on one scale, and the figures. */
import type { LatencyRow } from '../measures/latency.ts'
import { html, trusted, type Html } from '../markup.ts'
import { section, type Page } from '../page.ts'
import { printNumber } from '../print-values.ts'
import { flowName } from '../wording.ts'

export function latency(page: Page): Html {
  const rows = page.model.latency
  const title = page.say('latency')
  if (rows.length === 0) return section(page, 'latency', title, html`<p>${page.say('noLoad')}</p>`)
  const scale = Math.max(1, ...rows.map((row) => row.p95Ms))
  const ms = (value: number) => printNumber(Math.round(value), page.language)
  return section(page, 'latency', title,
    html`<p class="note">${page.say('latencyIntro')} ${page.say('sourceIs', { s: 'history/' })}</p>`,
    html`<div class="scroll"><table class="plain latency"><thead><tr><th scope="col">${page.say('flow')}</th><th scope="col">p50 → p95</th><th scope="col" class="num">p50</th><th scope="col" class="num">p95</th><th scope="col" class="num">${page.say('longest')}</th><th scope="col" class="num">${page.say('operations')}</th><th scope="col" class="num">${page.say('refused')}</th><th scope="col" class="num">${page.say('open')}</th></tr></thead>
<tbody>${rows.map((row) => html`<tr><th scope="row">${page.pick(flowName(row.flow))} <code class="quiet">${row.step}</code></th><td>${range(row, scale)}</td><td class="num">${ms(row.p50Ms)}</td><td class="num">${ms(row.p95Ms)}</td><td class="num">${ms(row.maxMs)}</td><td class="num">${page.number(row.operations)}</td><td class="num">${page.number(row.fail)}</td><td class="num">${page.number(row.info)}</td></tr>`)}</tbody></table></div>`)
}

const WIDTH = 320

/** Numbers only, so it may be written as it is. */
function range(row: LatencyRow, scale: number): Html {
  const x = (value: number) => (6 + (WIDTH - 12) * Math.min(1, Math.max(0, value / scale))).toFixed(1)
  return trusted(`<svg width="${WIDTH}" height="16" viewBox="0 0 ${WIDTH} 16" aria-hidden="true"><path d="M6 8H${WIDTH - 6}" class="rail"/><path d="M${x(row.p50Ms)} 8H${x(row.p95Ms)}" class="range"/><circle cx="${x(row.p50Ms)}" cy="8" r="4.5" class="middle"/><path d="M${x(row.p95Ms)} 2.5V13.5" class="end"/></svg>`)
}
