/** The last exchanges as a list for a page, newest first, each with why it did not match where it did not. */
import { isoHanoi } from '../../contracts/scenario-clock.ts'
import type { JournalEntry } from '../../mocks/journal/ask.ts'
import { html, type Html } from './html.ts'
import { code, plain, table } from './page-frame.ts'
import type { PageText } from './page-text.ts'

/** More of a body is in the journal. */
const SHOWN_LENGTH = 2_000

export function exchangeList(entries: readonly JournalEntry[], text: PageText): Html {
  if (entries.length === 0) return html`<p>${text.noExchanges}</p>`
  return table([text.at, text.partner, text.request, text.status, text.why], entries.toReversed().map((entry) => [
    plain(isoHanoi(entry.at).slice(11, 19)), code(entry.partner),
    html`<details><summary>${code(`${entry.method} ${entry.path}`)}</summary><p>${text.asked}</p><pre>${shortened(entry.requestBody || entry.query)}</pre><p>${text.answered}</p><pre>${shortened(printed(entry.answerBody))}</pre></details>`,
    plain(entry.status === null ? text.broken : String(entry.status)), why(entry, text),
  ]))
}

function why({ operation, behaviour, unmatched }: JournalEntry, text: PageText): Html {
  if (!unmatched) return plain([operation, behaviour].filter((part) => part !== undefined && part !== null && part !== '').join(' · '))
  const { nearest } = unmatched
  return html`<span class="warn">${text.differs[unmatched.differs]}</span>: ${unmatched.why}${nearest ? html` (${text.nearest}: ${code(`${nearest.method} ${nearest.path}`)})` : plain('')}`
}

function printed(value: unknown): string { return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 1) }
function shortened(value: string): string { return value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}…` : value }
