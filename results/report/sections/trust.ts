/** How far the result can be trusted: coverage, validity, the judge's self-check, gaps in the records, the two clocks, versions. */
import { html, type Html } from '../markup.ts'
import { section, stateMark, type Page } from '../page.ts'
import { printDuration } from '../print-values.ts'

export function coverage(page: Page): Html {
  const result = page.model.verdict?.coverage
  if (!result) return section(page, 'coverage', page.say('coverage'), html`<p>${page.say('noCoverage')}</p>`)
  return section(page, 'coverage', page.say('coverage'),
    html`<p>${page.say('coverageText', { v: page.number(result.verified), o: page.number(result.operations), s: page.number(result.systemsRead.length) })}</p>`,
    html`<details><summary>${page.say('systemsRead', { n: page.number(result.systemsRead.length) })}</summary><p class="systems">${result.systemsRead.map((system) => html`<code>${system}</code> `)}</p></details>`)
}

export function trust(page: Page): Html {
  const { outcome, selfcheck } = page.model
  return section(page, 'trust', page.say('trust'),
    html`<h3>${page.say('validity')}</h3>`,
    !outcome ? html`<p>${page.say('noOutcome')}</p>` : outcome.validity.length === 0 ? html`<p>${page.say('validityGood')}</p>` : html`<ul>${outcome.validity.map((rule) => html`<li>${rule}</li>`)}</ul>`,
    html`<h3>${page.say('selfcheck')}</h3>`,
    selfcheck ? selfcheckTable(page, selfcheck) : html`<p>${page.say('gap.missing')}: <code>selfcheck.json</code></p>`)
}

function selfcheckTable(page: Page, selfcheck: NonNullable<Page['model']['selfcheck']>): Html {
  const { canaries } = selfcheck
  const named = canaries.filter((canary) => canary.named).length
  const heads = [page.say('status'), page.say('mutation'), page.say('system'), page.say('operation'), page.say('expectedOf'), page.say('namedAs')]
  return html`<p>${stateMark(selfcheck.status, 16)} ${page.say(`state.${selfcheck.status}`)} · ${page.say('selfcheckText', { n: page.number(named), m: page.number(canaries.length), s: page.number(selfcheck.surplus) })}${selfcheck.note && html` ${selfcheck.note}`}</p>
<div class="scroll"><table class="plain"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${canaries.map((canary) => html`<tr><td class="state">${stateMark(canary.named ? 'pass' : 'fail', 16)} ${page.say(canary.named ? 'yes' : 'no')}</td><th scope="row">${page.say(`mutation.${canary.mutation}`)}</th><td><code>${canary.system}</code></td><td><code>${canary.op}</code></td><td><code>${canary.expectedClass}</code></td><td>${canary.namedAs ? html`<code>${canary.namedAs}</code>` : page.say('notNamed')}</td></tr>`)}</tbody></table></div>`
}

export function gaps(page: Page): Html | null {
  const { gaps: list } = page.model
  if (list.length === 0) return null
  return section(page, 'gaps', page.say('gaps'), html`<div class="scroll"><table class="plain"><thead><tr><th scope="col">${page.say('file')}</th><th scope="col">${page.say('trouble')}</th></tr></thead>
<tbody>${list.map((gap) => html`<tr><th scope="row"><code>${gap.file}</code></th><td>${page.say(`gap.${gap.kind}`, { d: gap.detail })}</td></tr>`)}</tbody></table></div>`)
}

export function clocks(page: Page): Html | null {
  const { plan } = page.model
  if (!plan) return null
  const bounds = Object.entries(plan.boundsWallMs).map(([name, ms]) => `${name} ${printDuration(ms, page.language)}`).join(', ')
  return section(page, 'clocks', page.say('clocks'),
    html`<p>${page.say('clocksText', { n: page.number(plan.timeScale) })}</p>`, html`<p>${page.say('bounds', { list: bounds })}</p>`,
    html`<p class="quiet">${page.say('versions')}: ${Object.entries(plan.versions).map(([name, version]) => `${name} ${version}`).join(' · ')}</p>`)
}
