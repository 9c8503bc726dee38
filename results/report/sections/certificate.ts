/** The generator's certificate: that the planned load was really applied and that it was not the generator which was measured; head-room of each process. */
import { html, type Html } from '../markup.ts'
import { section, stateMark, type Page } from '../page.ts'
import { printNumber } from '../print-values.ts'
import { criterionName } from '../wording.ts'

/** In the order in which they are asked: was it offered, in time, by a generator with head-room, and does everybody count the same. */
const CERTIFICATE = [
  'valid.planned-load', 'valid.dropped-iterations', 'valid.lateness', 'valid.samples', 'valid.vu-head-room', 'valid.generator-head-room', 'valid.head-room', 'valid.clocks', 'valid.clock-jumps',
  'valid.generator-ended', 'valid.history-complete', 'valid.history-sealed', 'valid.cut-off', 'valid.served', 'valid.edges',
]
const MIB = 1024 ** 2

export function certificate(page: Page): Html | null {
  const { verdict, processes } = page.model
  const rows = CERTIFICATE.flatMap((id) => verdict?.criteria.filter((criterion) => criterion.id === id) ?? [])
  if (rows.length === 0) return null
  const held = rows.filter((row) => row.status === 'pass').length
  return section(page, 'certificate', page.say('certificate'),
    html`<p class="note">${page.say('certificateIntro', { n: held, m: rows.length })} ${page.say('sourceIs', { s: 'verdict.json · valid.*' })}</p>`,
    html`<div class="scroll"><table class="plain criteria"><thead><tr><th scope="col">${page.say('status')}</th><th scope="col">${page.say('criterion')}</th><th scope="col">${page.say('expectedOf')}</th><th scope="col">${page.say('observedOf')}</th></tr></thead>
<tbody>${rows.map((row) => html`<tr class="${row.status}"><td class="state">${stateMark(row.status, 16)} ${page.say(`state.${row.status}`)}</td><th scope="row">${nameOf(page, row.id)}</th><td>${page.recorded(row.expected)}</td><td>${page.recorded(row.observed)}</td></tr>`)}</tbody></table></div>`,
    processes.length > 0 && html`<details><summary>${page.say('processTable', { n: processes.length })}</summary>${processTable(page)}</details>`)
}

function nameOf(page: Page, id: string): Html {
  const name = criterionName(id, [])
  return html`${name && html`${page.pick(name)} `}<code class="quiet">${id}</code>`
}

function processTable(page: Page): Html {
  const cores = (value: number) => printNumber(value, page.language, 2)
  const heads = [page.say('coresMean'), page.say('coresMax'), page.say('eventLoop'), page.say('memory')]
  return html`<div class="scroll"><table class="plain"><caption>${page.say('sourceIs', { s: 'evidence/processes.ndjson' })}</caption><thead><tr><th scope="col">${page.say('process')}</th>${heads.map((head) => html`<th scope="col" class="num">${head}</th>`)}</tr></thead>
<tbody>${page.model.processes.map((row) => html`<tr><th scope="row"><code>${row.process}</code></th><td class="num">${cores(row.coresMean)}</td><td class="num">${cores(row.coresMax)}</td><td class="num">${row.eventLoopMsMax === null ? '–' : printNumber(row.eventLoopMsMax, page.language, 1)}</td><td class="num">${page.number(Math.round(row.rssBytesMax / MIB))}</td></tr>`)}</tbody></table></div>`
}
