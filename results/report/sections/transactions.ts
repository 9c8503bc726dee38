/** Transactions that cross systems: how long from the intended start until the last party had it, and the slowest cases by name. */
import { html, type Html } from '../markup.ts'
import { section, type Page } from '../page.ts'
import { printNumber } from '../print-values.ts'
import type { Transaction } from '../read-run.ts'
import { transactionName } from '../wording.ts'

/** Slowest cases seen at once for each. */
const SHOWN = 5

export function transactions(page: Page): Html | null {
  const list = page.model.transactions.filter(({ count, unfinished }) => count + unfinished > 0)
  if (list.length === 0) return null
  const heads = ['p50', 'p95', 'p99', page.say('longest'), page.say('finishedCount'), page.say('unfinishedCount')]
  const ms = (transaction: Transaction, value: number) => (transaction.count === 0 ? '–' : printNumber(value, page.language))
  return section(page, 'transactions', page.say('transactions'),
    html`<p class="note">${page.say('transactionsIntro')} ${page.say('sourceIs', { s: 'transactions.json' })}</p>`,
    html`<div class="scroll"><table class="plain"><thead><tr><th scope="col">${page.say('transaction')}</th>${heads.map((head) => html`<th scope="col" class="num">${head}</th>`)}</tr></thead>
<tbody>${list.map((one) => html`<tr><th scope="row">${page.pick(transactionName(one.name))} <code class="quiet">${one.name}</code></th>${[one.p50Ms, one.p95Ms, one.p99Ms, one.maxMs].map((value) => html`<td class="num">${ms(one, value)}</td>`)}<td class="num">${page.number(one.count)}</td><td class="num">${page.number(one.unfinished)}</td></tr>`)}</tbody></table></div>`,
    ...list.filter(({ cases }) => cases.length > 0).map((one) => html`<details><summary>${page.say('slowestCases', { name: page.pick(transactionName(one.name)), n: Math.min(SHOWN, one.cases.length) })}</summary>${caseTable(page, one)}</details>`))
}

function caseTable(page: Page, { cases }: Transaction): Html {
  const { clock } = page.model
  const scenario = (wallMs: number) => page.clock(clock ? clock.scenarioStartMs + (wallMs - clock.startedAtMs) * clock.timeScale : null)
  const heads = [page.say('dossierCode'), page.say('journey'), `${page.say('beganAt')} (${page.say('scenarioClock')})`, page.say('lastSystem')]
  return html`<div class="scroll"><table class="plain"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}<th scope="col" class="num">${page.say('milliseconds')}</th></tr></thead>
<tbody>${cases.slice(0, SHOWN).map((one) => html`<tr><th scope="row"><code>${one.dossierCode ?? '–'}</code></th><td><code>${one.trace}</code></td><td class="time">${scenario(one.from)}</td><td><code>${one.lastSystem}</code></td><td class="num">${page.number(one.ms)}</td></tr>`)}</tbody></table></div>`
}
