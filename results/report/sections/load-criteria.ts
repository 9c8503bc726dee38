/** The criteria of the load as the profile wrote them, by phase: first the whole run, then each phase with its hours on the scenario clock. */
import { parseLoadCriterion } from '../../../contracts/parse-load-criterion.ts'
import type { CriterionResult } from '../../../contracts/verdict.ts'
import { html, type Html } from '../markup.ts'
import { section, stateMark, type Page } from '../page.ts'

const PREFIX = 'load.'

export function loadCriteria(page: Page): Html | null {
  const { plan, verdict } = page.model
  const rows = (verdict?.criteria ?? []).filter(({ id }) => id.startsWith(PREFIX))
  if (rows.length === 0) return null
  const byPhase = Map.groupBy(rows, ({ id }) => phaseOf(id.slice(PREFIX.length)) ?? '')
  const order = ['', ...(plan?.profile.phases ?? []).map(({ name }) => name)]
  const place = (phase: string) => (order.includes(phase) ? order.indexOf(phase) : order.length)
  return section(page, 'load-criteria', page.say('loadCriteria'),
    html`<p class="note">${page.say('loadCriteriaIntro')} ${page.say('sourceIs', { s: 'verdict.json · load.*' })}</p>`,
    ...[...byPhase].toSorted(([a], [b]) => place(a) - place(b)).map(([phase, members]) => html`<h3>${titleOf(page, phase)}</h3>${table(page, members)}`))
}

function phaseOf(text: string): string | undefined {
  const parsed = parseLoadCriterion(text)
  return 'criterion' in parsed ? parsed.criterion.phase : undefined
}

function titleOf(page: Page, phase: string): string {
  if (phase === '') return page.say('wholeRun')
  const hours = page.model.plan?.profile.phases.find(({ name }) => name === phase)
  return hours ? `${page.say('phase', { name: phase })} · ${hours.from}–${hours.to}` : page.say('phase', { name: phase })
}

function table(page: Page, rows: readonly CriterionResult[]): Html {
  return html`<div class="scroll"><table class="plain"><thead><tr><th scope="col">${page.say('status')}</th><th scope="col">${page.say('criterion')}</th><th scope="col">${page.say('observedOf')}</th></tr></thead>
<tbody>${rows.map((row) => html`<tr class="${row.status}"><td class="state">${stateMark(row.status, 16)} ${page.say(`state.${row.status}`)}</td><th scope="row"><code>${row.id.slice(PREFIX.length)}</code></th><td>${page.recorded(row.observed)}</td></tr>`)}</tbody></table></div>`
}
