/** Every partner: expected, synced, finished at (scenario clock), state. Ministries and provinces apart, unfinished first, in columns that fit one screen. */
import { html, type Html } from '../markup.ts'
import { section, type Page } from '../page.ts'
import type { PartnerGroup, PartnerRow } from '../partner-rows.ts'
import { printClock } from '../print-values.ts'

const ROWS_PER_COLUMN = 17

export function partners(page: Page): Html {
  const { partners: rows, verdict } = page.model
  const groups: PartnerGroup[] = ['ministries', 'provinces']
  const tables = groups.flatMap((group) => {
    const members = rows.filter((row) => row.group === group)
    const columns = Math.ceil(members.length / ROWS_PER_COLUMN)
    return Array.from({ length: columns }, (_, at) => table(page, group, members, members.slice(at * ROWS_PER_COLUMN, (at + 1) * ROWS_PER_COLUMN), at))
  })
  return section(page, 'partners', `${page.say('partners')}${verdict ? ` · ${page.say('partnersComplete', { n: rows.filter((row) => row.state === 'complete').length, m: rows.length })}` : ''}`,
    html`<div class="partner-columns">${tables}</div>`,
    html`<p class="note">${verdict ? page.say('partnersSource') : page.say('partnersUnjudged')}</p>`)
}

function table(page: Page, group: PartnerGroup, members: readonly PartnerRow[], rows: readonly PartnerRow[], column: number): Html {
  const complete = members.filter((row) => row.state === 'complete').length
  return html`<table class="partners"><caption>${column === 0 ? html`${page.say(`group.${group}`)} <span class="quiet">${page.model.verdict ? page.say('partnersComplete', { n: complete, m: members.length }) : members.length}</span>` : html`<span class="quiet">${page.say(`group.${group}`)} (${column + 1})</span>`}</caption>
<thead><tr><th scope="col">${page.say('partner')}</th><th scope="col" class="num">${page.say('expected')}</th><th scope="col" class="num">${page.say('synced')}</th><th scope="col" class="num">${page.say('finishedAt')}</th><th scope="col">${page.say('partnerState')}</th></tr></thead>
<tbody>${rows.map((row) => html`<tr class="${row.state}"><th scope="row">${page.pick(row.title)}${row.mode === 'absent' && html` <small>${page.say('mode.absent')}</small>`}${row.mode === 'real' && html` <small>${page.say('mode.real')}</small>`}</th>
<td class="num">${page.number(row.expected)}</td><td class="num">${row.synced === null ? '–' : page.number(row.synced)}</td><td class="num">${finished(page, row)}</td><td class="state">${state(page, row)}</td></tr>`)}</tbody></table>`
}

function finished(page: Page, row: PartnerRow): string {
  if (!row.finishedAt) return '–'
  const at = Date.parse(row.finishedAt)
  return Number.isNaN(at) ? row.finishedAt : printClock(at, at)
}

/** Form beside the word: tick, hollow circle, plus, question mark. */
function state(page: Page, row: PartnerRow): Html {
  const gap = row.synced === null ? 0 : row.expected - row.synced
  const held = row.outstanding > 0 ? page.say('heldBack', { n: page.number(row.outstanding) }) : null
  switch (row.state) {
    case 'complete': return html`<span class="sign">✓</span> ${page.say('partner.complete')}`
    case 'unfinished': return html`<span class="sign">▲</span> ${page.say('shortBy', { n: page.number(gap) })}${held && html`<small title="${held}"> *</small>`}`
    case 'surplus': return html`<span class="sign">＋</span> ${page.say('surplusBy', { n: page.number(-gap) })}`
    case 'absent': return html`<span class="sign">∅</span> ${page.say('partner.absent')}`
    case 'unknown': return html`<span class="sign">?</span> ${page.say('partner.unknown')}`
  }
}
