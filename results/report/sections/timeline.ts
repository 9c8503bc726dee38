/** The runbook with owner and outcome over the scenario clock, load and errors under it; the same as tables for those who do not see the chart. */
import { timelineChart } from '../charts/timeline.ts'
import type { TimeSpan } from '../charts/time-axis.ts'
import { LOAD_GROUPS } from '../measures/load-timeline.ts'
import { html, type Html } from '../markup.ts'
import { section, type Page } from '../page.ts'
import { printNumber } from '../print-values.ts'

export function nightSpan(page: Page): TimeSpan {
  const { plan } = page.model
  return { from: plan?.scenarioStartMs ?? 0, to: (plan?.scenarioStartMs ?? 0) + (plan ? plan.durationMs * plan.timeScale : 1) }
}

export function timeline(page: Page): Html {
  const { bars, load, plan, journal } = page.model
  const title = page.say('timeline')
  if (!plan || journal.length === 0) return section(page, 'timeline', title, html`<p>${page.say('noTimeline')}</p>`)
  return section(page, 'timeline', title,
    html`<p class="note">${page.say('timelineIntro')}</p>`,
    timelineChart(page, nightSpan(page)),
    !load && html`<p>${page.say('noLoad')}</p>`,
    html`<details><summary>${page.say('stepTable')} (${bars.length})</summary>${stepTable(page)}</details>`,
    watchTable(page),
    load && html`<details><summary>${page.say('loadTable')}</summary>${loadTable(page)}</details>`)
}

function stepTable(page: Page): Html {
  const clock = page.say('scenarioClock')
  const heads = [page.say('step'), page.say('owner'), `${page.say('plannedAt')} (${clock})`, `${page.say('beganAt')} (${clock})`, `${page.say('endedAt')} (${clock})`, page.say('outcome'), page.say('conditions')]
  return html`<div class="scroll"><table class="plain"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${page.model.bars.map((bar) => html`<tr><th scope="row">${bar.kind === 'gate' && html`◆ ${page.say('gate')}: `}${page.pick(bar.title)} <code class="quiet">${bar.id}</code></th><td>${bar.ownerName}</td><td>${page.clock(bar.plannedAt)}</td><td>${page.clock(bar.beganAt)}</td><td>${page.clock(bar.endedAt)}</td>
<td>${page.say(`bar.${bar.outcome}`)}${bar.undone && html` · ${page.say('undone')}`}${bar.approval && html` · ${page.say(`approval.${bar.approval}`)}`}${bar.breaches > 0 && html`<br>${page.say('breaches', { n: bar.breaches })}`}${bar.note && html`<br><span class="quiet">${bar.note}</span>`}</td>
<td>${bar.conditions.length > 0 ? html`<ul class="evidence">${bar.conditions.map((condition) => html`<li><code>${condition.condition}</code> ${condition.held === null ? page.say('notMeasured') : condition.held ? '✓' : '✕'}${condition.observed !== null && html` (${page.say('observed')} ${printNumber(condition.observed, page.language, Number.isInteger(condition.observed) ? 0 : 3)})`}</li>`)}</ul>` : '–'}</td></tr>`)}</tbody></table></div>`
}

/** Breaches of watches and of the steady state, each with the moment it ended. */
function watchTable(page: Page): Html | null {
  const watches = page.model.journal.filter((entry) => entry.kind === 'watch')
  const breaches = watches.filter((entry) => entry.event === 'breach')
  if (breaches.length === 0) return null
  const heads = [page.say('watchStep'), page.say('conditions'), page.say('observed'), `${page.say('beganAt')} (${page.say('scenarioClock')})`, `${page.say('recoveredAt')} (${page.say('scenarioClock')})`]
  return html`<details><summary>${page.say('watchTable', { n: breaches.length })}</summary><div class="scroll"><table class="plain"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${breaches.slice(0, SHOWN_BREACHES).map((breach) => {
    const end = watches.find((entry) => entry.seq > breach.seq && entry.event === 'recovered' && entry.id === breach.id && entry.condition === breach.condition)
    return html`<tr><th scope="row"><code>${breach.id}</code></th><td><code>${breach.condition}</code></td><td>${breach.observed === null ? page.say('notMeasured') : printNumber(breach.observed, page.language, Number.isInteger(breach.observed) ? 0 : 3)}</td><td>${page.clock(breach.scenarioAt)}</td><td>${end ? page.clock(end.scenarioAt) : page.say('notRecovered')}</td></tr>`
  })}</tbody></table></div>${breaches.length > SHOWN_BREACHES && html`<p>${page.say('more', { n: page.number(breaches.length - SHOWN_BREACHES) })}</p>`}</details>`
}

const SHOWN_BREACHES = 40

/** Buckets joined in threes, so that the table stays readable. */
const JOINED = 3

function loadTable(page: Page): Html {
  const load = page.model.load!
  const rows = Array.from({ length: Math.ceil(load.middles.length / JOINED) }, (_, index) => {
    const sum = (counts: readonly number[]) => counts.slice(index * JOINED, (index + 1) * JOINED).reduce((total, count) => total + count, 0)
    return { at: load.middles[index * JOINED]! - load.bucketScenarioMs / 2, counts: [...LOAD_GROUPS.map((group) => sum(load.groups[group])), sum(load.fail), sum(load.info)] }
  })
  const heads = [...LOAD_GROUPS.map((group) => page.say(`load.${group}`)), page.say('outcome.fail'), page.say('outcome.info')]
  return html`<div class="scroll"><table class="plain"><caption>${page.say('operations')} · ${page.say('sourceIs', { s: 'history/' })}</caption><thead><tr><th scope="col">${page.say('time')} (${page.say('scenarioClock')})</th>${heads.map((head) => html`<th scope="col" class="num">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr><th scope="row">${page.clock(row.at)}</th>${row.counts.map((count) => html`<td class="num">${page.number(count)}</td>`)}</tr>`)}</tbody></table></div>`
}
