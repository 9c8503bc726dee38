/** Criteria with status and evidence: those that did not pass in full, those that did folded away by group. */
import type { CriterionResult } from '../../../contracts/verdict.ts'
import { groupOf } from '../formats/junit.ts'
import { html, type Html } from '../markup.ts'
import { evidenceList, section, stateMark, type Page } from '../page.ts'
import { criterionName, groupName } from '../wording.ts'

const ORDER = ['fail', 'inconclusive', 'pass'] as const

export function criteria(page: Page): Html {
  const list = page.model.verdict?.criteria ?? []
  const title = page.say('criteria')
  if (list.length === 0) return section(page, 'criteria', title, html`<p>${page.say(page.model.verdict ? 'noCriteria' : 'explain.unjudged')}</p>`)
  const open = list.filter((criterion) => criterion.status !== 'pass').sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status))
  const passed = Map.groupBy(list.filter((criterion) => criterion.status === 'pass'), ({ id }) => groupOf(id))
  return section(page, 'criteria', title,
    open.length > 0 && table(page, open),
    html`<details${open.length === 0 && html` open`}><summary>${page.say('criteriaPassed', { n: page.number(list.length - open.length) })}</summary>${[...passed].map(([group, members]) => html`<h3>${page.pick(groupName(group))}</h3>${table(page, members)}`)}</details>`)
}

function table(page: Page, rows: readonly CriterionResult[]): Html {
  const entries = page.model.plan?.runbook.steps ?? []
  const heads = [page.say('status'), page.say('criterion'), page.say('expectedOf'), page.say('observedOf'), page.say('evidence')]
  return html`<div class="scroll"><table class="plain criteria"><colgroup><col class="c-state"><col class="c-name"><col class="c-expected"><col class="c-observed"><col class="c-evidence"></colgroup><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => {
    const name = criterionName(row.id, entries)
    return html`<tr class="${row.status}"><td class="state">${stateMark(row.status, 16)} ${page.say(`state.${row.status}`)}</td><th scope="row">${name && html`${page.pick(name)} `}<code class="quiet">${row.id}</code></th><td>${page.recorded(row.expected)}</td><td>${page.recorded(row.observed)}</td><td>${evidenceList(page, row.evidence)}</td></tr>`
  })}</tbody></table></div>`
}
