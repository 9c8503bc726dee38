/** The top of the first screen: verdict in word, colour and form, the reasons, and what identifies the run. */
import { html, type Html } from '../markup.ts'
import { stateMark, type Page } from '../page.ts'
import { printClock, printMoment } from '../print-values.ts'
import type { ReportModel } from '../report-model.ts'

export function masthead(page: Page): Html {
  const { model } = page
  return html`<header class="masthead ${model.state}">
<div class="verdict">${stateMark(model.state, 76)}<div>
<p class="product">${page.say('productLine')}</p>
<h1>${page.say(`state.${model.state}`)}</h1>
<p class="explain">${page.say(`explain.${model.state}`)}</p>
<ul class="reasons">${reasons(page).map(({ text, to, bad }) => html`<li class="${bad ? 'bad' : 'good'}"><a href="#${page.anchor(to)}">${text}</a></li>`)}</ul>
</div></div>
<dl class="identity">${identity(page).map(({ term, value, wide }) => html`<div${wide && html` class="wide"`}><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
</header>`
}

type Reason = { text: string; to: string; bad: boolean }

export function reasons(page: Page): Reason[] {
  const { verdict, findings, outcome, selfcheck, gaps, partners, aborted } = page.model
  const failed = verdict?.criteria.filter((criterion) => criterion.status === 'fail').length ?? 0
  const open = verdict?.criteria.filter((criterion) => criterion.status === 'inconclusive').length ?? 0
  const unfinished = partners.filter((partner) => partner.state === 'unfinished').length
  const n = (count: number) => ({ n: page.number(count) })
  const bad: (Reason | false)[] = [
    findings.length > 0 && { text: page.say('reason.findings', n(findings.length)), to: 'findings', bad: true },
    failed > 0 && { text: page.say('reason.failed', n(failed)), to: 'criteria', bad: true },
    open > 0 && { text: page.say('reason.inconclusive', n(open)), to: 'criteria', bad: true },
    unfinished > 0 && { text: page.say('reason.partners', n(unfinished)), to: 'partners', bad: true },
    aborted !== null && { text: page.say('reason.aborted', { note: aborted }), to: 'timeline', bad: true },
    (outcome?.validity.length ?? 0) > 0 && { text: page.say('reason.validity', n(outcome!.validity.length)), to: 'trust', bad: true },
    selfcheck !== null && selfcheck.status !== 'pass' && { text: page.say('reason.selfcheck', { word: page.say(`state.${selfcheck.status}`) }), to: 'trust', bad: true },
    gaps.length > 0 && { text: page.say('reason.gaps', n(gaps.length)), to: 'gaps', bad: true },
  ]
  const named = bad.filter((reason) => reason !== false)
  return named.length > 0 || !verdict ? named : [{ text: page.say('reason.clean', n(verdict.criteria.length)), to: 'criteria', bad: false }]
}

function identity(page: Page): { term: string; value: Html | string; wide?: boolean }[] {
  const { model } = page
  const { plan, clock } = model
  const hash = plan?.planHash ?? model.verdict?.planHash
  const none = page.say('unknown')
  return [
    { term: page.say('target'), value: plan ? html`<b>${plan.target.name}</b> · ${page.say(`kind.${plan.target.kind}`)}` : none },
    { term: page.say('runbook'), value: plan ? html`${page.pick(plan.runbook.title)}` : none },
    { term: page.say('timeScale'), value: plan ? html`<b>${page.number(plan.timeScale)}×</b> · ${page.say('timeScaleNote', { n: page.number(plan.timeScale) })}` : none },
    { term: page.say('window'), value: plan ? windowOf(model, plan) : none },
    { term: page.say('seed'), value: plan ? html`<b>${String(plan.seed)}</b>` : none },
    { term: page.say('startedAt'), value: clock ? printMoment(clock.startedAtMs) : none },
    { term: page.say('runId'), value: html`<code>${model.runId}</code>`, wide: true },
    { term: page.say('planHash'), value: hash ? html`<code class="hash">${hash}</code>` : none, wide: true },
  ]
}

function windowOf(model: ReportModel, plan: NonNullable<ReportModel['plan']>): string {
  const end = plan.scenarioStartMs + plan.durationMs * plan.timeScale
  const day = printMoment(plan.scenarioStartMs).split(' ')[1]!
  return `${printClock(plan.scenarioStartMs, plan.scenarioStartMs)} ${day} – ${printClock(end, model.plan!.scenarioStartMs)}`
}
