/** What each section is handed: the model, the language of this half of the page, and the printing of values in it. */
import { INCIDENTS } from '../../contracts/incidents.ts'
import type { Language, Text } from '../../contracts/text.ts'
import type { Finding } from '../../contracts/verdict.ts'
import { html, type Html } from './markup.ts'
import { inVietnamese } from './phrasebook.ts'
import { printClock, printFigure, printIso } from './print-values.ts'
import type { ReportModel } from './report-model.ts'
import { say, type TextKey } from './texts.ts'

export type Page = {
  model: ReportModel
  language: Language
  say: (key: TextKey, values?: Readonly<Record<string, string | number>>) => string
  pick: (text: Text) => string
  number: (value: number) => string
  /** Scenario epoch ms as `23:15`, with the day after midnight. */
  clock: (epochMs: number | null) => string
  /** An id that is unique in a page with both languages. */
  anchor: (name: string) => string
  /** A sentence that the judge recorded: in this language where its form is known, else as it is. */
  recorded: (text: string) => Html
  /** The party's name by the runbook, after its role. */
  party: (role: string) => string
}

export function pageOf(model: ReportModel, language: Language): Page {
  const base = model.plan?.scenarioStartMs ?? 0
  return {
    model, language, say: (key, values) => say(language, key, values), pick: (text) => text[language], number: (value) => printFigure(value, language),
    clock: (epochMs) => (epochMs === null ? '–' : printClock(epochMs, base)), anchor: (name) => `${language}-${name}`,
    recorded: (text) => recorded(text, language),
    party: (role) => model.plan?.runbook.parties[role] ?? role,
  }
}

/** ISO times in a sentence are written as everywhere else on the page. */
function recorded(text: string, language: Language): Html {
  const readable = (sentence: string) => sentence.replace(/\b\d{4}-\d\d-\d\dT[\d:.]+\+07:00/g, (iso) => printIso(iso))
  if (language === 'en') return html`${readable(text)}`
  const translated = inVietnamese(text)
  return translated === null ? html`<span lang="en">${readable(text)}</span>` : html`${readable(translated)}`
}

export function section(page: Page, name: string, title: string, ...content: readonly (Html | false | null)[]): Html {
  return html`<section id="${page.anchor(name)}" aria-labelledby="${page.anchor(`${name}-title`)}"><h2 id="${page.anchor(`${name}-title`)}">${title}</h2>${content}</section>`
}

export function findingTitle(page: Page, finding: Finding): string {
  return finding.incident ? page.pick(INCIDENTS[finding.incident].title) : page.say('anonymous')
}

const SHOWN_LINES = 6

/** `evidence/portal.ndjson: lines 3, 17, 204`; bounded. */
export function evidenceList(page: Page, evidence: Finding['examples'][number]['evidence']): Html {
  return html`<ul class="evidence">${evidence.map(({ file, lines }) => html`<li><code>${file}</code>${lines.length > 0 && html` ${page.say('lines', { n: lines.slice(0, SHOWN_LINES).join(', ') })}${lines.length > SHOWN_LINES && html` ${page.say('more', { n: page.number(lines.length - SHOWN_LINES) })}`}`}</li>`)}</ul>`
}

/** Says the state by form and word, colour only in addition: filled circle with tick, octagon with cross, diamond with question mark, square with bars. */
export function stateMark(state: 'pass' | 'fail' | 'inconclusive' | 'interrupted' | 'unjudged', size: number): Html {
  const shapes = {
    pass: html`<circle cx="12" cy="12" r="11"></circle><path d="M6.8 12.4l3.5 3.6 7-7.6"></path>`,
    fail: html`<path class="body" d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z"></path><path d="M8 8l8 8M16 8l-8 8"></path>`,
    inconclusive: html`<path class="body" d="M12 .8L23.2 12 12 23.2.8 12z"></path><path d="M9.3 9.8c0-3.6 5.4-3.6 5.4-.2 0 2-2.7 2-2.7 4.3M12 16.8v.3"></path>`,
    interrupted: html`<rect x="1.5" y="1.5" width="21" height="21" rx="2"></rect><path d="M9 7.5v9M15 7.5v9"></path>`,
    unjudged: html`<rect x="1.5" y="1.5" width="21" height="21" rx="2"></rect><path d="M7 12h.3M12 12h.3M17 12h.3"></path>`,
  }
  return html`<svg class="mark ${state}" width="${size}" height="${size}" viewBox="0 0 24 24" aria-hidden="true">${shapes[state]}</svg>`
}
