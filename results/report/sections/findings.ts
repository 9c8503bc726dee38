/** Findings: title of the incident, where, who, since when, how often, cause and cure, and examples with the dossier's status on each system. */
import type { Finding } from '../../../contracts/verdict.ts'
import { html, type Html } from '../markup.ts'
import { evidenceList, findingTitle, section, stateMark, type Page } from '../page.ts'
import { printIso } from '../print-values.ts'
import { CLASS_NAMES, statusName } from '../wording.ts'

/** Examples seen at once; the rest is folded away. */
const SHOWN = 5

export function findings(page: Page): Html {
  const { findings: list, verdict } = page.model
  const title = list.length > 0 ? `${page.say('findings')} (${page.number(list.length)})` : page.say('findings')
  if (list.length === 0) return section(page, 'findings', title, html`<p>${page.say(verdict ? 'noFindings' : 'findingsUnknown')}</p>`)
  return section(page, 'findings', title, ...list.map((finding) => one(page, finding)))
}

function one(page: Page, finding: Finding): Html {
  const facts: readonly (readonly [string, Html | string])[] = [
    [page.say('system'), html`<code>${finding.system}</code>`],
    [page.say('unit'), page.party(finding.unit)],
    [`${page.say('since')} (${page.say('scenarioClock')})`, printIso(finding.since) || '–'],
    [page.say('count'), page.number(finding.count)],
    [page.say('class'), html`${finding.class in CLASS_NAMES && html`${page.pick(CLASS_NAMES[finding.class as keyof typeof CLASS_NAMES])} · `}<code>${finding.class}</code>`],
  ]
  const advice: readonly (readonly [string, string])[] = [
    [page.say('cause'), finding.cause], [page.say('measure'), finding.measure], [page.say('deadline'), finding.deadline], [page.say('rerun'), finding.rerunCondition], [page.say('power'), finding.power],
  ]
  return html`<article class="finding"><h3>${stateMark('fail', 22)} ${findingTitle(page, finding)} <code class="quiet">${finding.id}</code></h3>
<dl class="facts">${facts.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
<dl class="advice">${advice.map(([term, value]) => html`<div><dt>${term}</dt><dd>${page.recorded(value)}</dd></div>`)}</dl>
${finding.examples.length > 0 && examples(page, finding)}</article>`
}

function examples(page: Page, finding: Finding): Html {
  const heads = [page.say('dossierCode'), page.say('procedure'), `${page.say('time')} (${page.say('scenarioClock')})`, page.say('step'), page.say('errorText'), page.say('statuses'), page.say('evidence')]
  const table = (rows: Finding['examples'], caption: string | null) => html`<div class="scroll"><table class="plain examples">${caption && html`<caption>${caption}</caption>`}
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((example) => row(page, example))}</tbody></table></div>`
  const folded = finding.examples.slice(SHOWN)
  return html`${table(finding.examples.slice(0, SHOWN), page.say('examples', { n: page.number(finding.examples.length), m: page.number(finding.count) }))}${folded.length > 0 && html`<details><summary>${page.say('more', { n: page.number(folded.length) })}</summary>${table(folded, null)}</details>`}`
}

function row(page: Page, example: Finding['examples'][number]): Html {
  return html`<tr><th scope="row"><code>${example.dossierCode ?? '–'}</code></th><td><code>${example.procedureCode ?? '–'}</code></td><td class="time">${printIso(example.time) || '–'}</td><td>${example.step}</td><td>${example.errorText ?? '–'}</td>
<td><ul class="statuses">${Object.entries(example.statuses).map(([system, status]) => html`<li><span>${system}</span> <b>${page.pick(statusName(system, status))}</b></li>`)}</ul></td><td>${evidenceList(page, example.evidence)}</td></tr>`
}
