/** Key figures of the first screen and the table of all figures; each with the file or criterion it comes from. */
import { html, type Html } from '../markup.ts'
import { section, type Page } from '../page.ts'
import { printNumber } from '../print-values.ts'
import { figureName } from '../wording.ts'

const KEY_FIGURES = 6
/** Those that an official looks for first; what the verdict does not have is left out. */
const FIRST = ['dossiers.synced', 'migration.verified', 'operations', 'money.portal', 'sms.delivered', 'dossiers.submitted'] as const

type KeyFigure = { name: string; value: string; source: string }

export function keyFigures(page: Page): Html {
  const figures = keyFiguresOf(page)
  if (figures.length === 0) return html``
  return html`<section class="key-figures" aria-label="${page.say('keyFigures')}"><dl>${figures.map(({ name, value, source }) => html`<div title="${page.say('sourceIs', { s: source })}"><dt>${name}</dt><dd>${value}</dd><dd class="source">${source}</dd></div>`)}</dl></section>`
}

function keyFiguresOf(page: Page): KeyFigure[] {
  const { verdict, load, plan, partners } = page.model
  const known = verdict?.figures ?? []
  const chosen = FIRST.flatMap((id) => known.filter((figure) => figure.id === id))
  const judged = (chosen.length > 0 ? chosen : known).map((figure) => ({ name: page.pick(figureName(figure.id)), value: valueOf(page, figure.value, figure.unit), source: figure.source }))
  const own: KeyFigure[] = [
    ...(verdict ? [{ name: page.say('figure.verified'), value: `${page.number(verdict.coverage.verified)} / ${page.number(verdict.coverage.operations)}`, source: 'verdict.json · coverage' }] : []),
    ...(load ? [{ name: page.say('figure.peak'), value: printNumber(load.peakPerSecond, page.language), source: 'history/' }] : []),
    ...(!verdict && load ? [{ name: page.say('figure.operations'), value: page.number(load.operations), source: 'history/' }] : []),
    ...(!verdict && plan ? [{ name: page.say('figure.expected'), value: page.number(partners.reduce((sum, partner) => sum + partner.expected, 0)), source: 'plan.json' }] : []),
  ]
  return [...judged.slice(0, KEY_FIGURES - own.length), ...own]
}

export function figures(page: Page): Html {
  const list = page.model.verdict?.figures ?? []
  return section(page, 'figures', page.say('figures'), list.length === 0 ? html`<p>${page.say('noFigures')}</p>` : html`<div class="scroll"><table class="plain"><thead><tr><th scope="col">${page.say('figure')}</th><th scope="col" class="num">${page.say('value')}</th><th scope="col">${page.say('unitOf')}</th><th scope="col">${page.say('source')}</th></tr></thead>
<tbody>${list.map((figure) => html`<tr><th scope="row">${page.pick(figureName(figure.id))} <code class="quiet">${figure.id}</code></th><td class="num">${page.number(figure.value)}</td><td>${page.recorded(figure.unit)}</td><td><code>${figure.source}</code></td></tr>`)}</tbody></table></div>`)
}

function valueOf(page: Page, value: number, unit: string): string {
  return unit === 'VND' || unit === '%' ? `${page.number(value)} ${unit === 'VND' ? '₫' : unit}` : page.number(value)
}
