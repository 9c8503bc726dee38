/** How the rates came about: every figure on the way from the documents, with its source, or the word that nobody gives it. */
import { html, type Html } from '../markup.ts'
import { section, type Page } from '../page.ts'
import { printNumber } from '../print-values.ts'

export function derivation(page: Page): Html | null {
  const lines = page.model.plan?.derivation ?? []
  if (lines.length === 0) return null
  const assumed = lines.filter(({ basis }) => 'assumption' in basis).length
  return section(page, 'derivation', page.say('derivation'),
    html`<p class="note">${page.say('derivationIntro', { n: lines.length, m: assumed })} ${page.say('sourceIs', { s: 'plan.json' })}</p>`,
    html`<details><summary>${page.say('derivationTable', { n: lines.length })}</summary><div class="scroll"><table class="plain"><thead><tr><th scope="col">${page.say('figure')}</th><th scope="col" class="num">${page.say('value')}</th><th scope="col">${page.say('unitOf')}</th><th scope="col">${page.say('how')}</th><th scope="col">${page.say('source')}</th></tr></thead>
<tbody>${lines.map(({ what, value, unit, how, basis }) => html`<tr><th scope="row">${page.pick(what)}</th><td class="num">${printNumber(value, page.language, Number.isInteger(value) ? 0 : 3)}</td><td>${page.pick(unit)}</td><td>${page.pick(how)}</td>
<td>${'source' in basis ? html`<code>${basis.source}</code>` : 'assumption' in basis ? html`<b>${page.say('assumed')}</b>: ${page.pick(basis.assumption)}` : page.say('computed')}</td></tr>`)}</tbody></table></div></details>`)
}
