/** The start page: what is there, where, with which keys; magic identifiers; how to set behaviours; the last exchanges; downloads. */
import { MAGIC } from '../../contracts/partner-api/magic.ts'
import type { Language } from '../../contracts/text.ts'
import { lastExchanges } from './desk.ts'
import { exchangeList } from './exchange-list.ts'
import { html, type Html } from './html.ts'
import type { HubState } from './hub.ts'
import type { Listed } from './listing.ts'
import { code, pageFrame, plain, rootOf, table } from './page-frame.ts'
import { PAGE_TEXT, type PageText } from './page-text.ts'

const SHOWN_EXCHANGES = 20

export function startPage(state: HubState, language: Language): string {
  const text = PAGE_TEXT[language]
  const other = language === 'vi' ? 'en' : 'vi'
  const root = rootOf(state.baseUrl)
  const roles = [...Map.groupBy(state.listing, (listed) => listed.role)]
  return pageFrame({ language, title: text.title, head: html`<span></span><a href="${root}/?lang=${other}">${text.otherLanguage}</a>`, body: [
    html`<p>${text.intro}</p>`,
    html`<h2>${text.partners}</h2>`, ...roles.map(([role, listed]) => partnersOf(state, role, listed, language)),
    html`<h2>${text.access}</h2>`, access(state, text),
    html`<h2>${text.magic}</h2>`, magic(state, language),
    html`<h2>${text.behave}</h2><p>${text.behaveIntro}</p>`, ...controls(state).map((command) => html`<pre>${command}</pre>`),
    html`<h2>${text.exchanges}</h2>`, exchangeList(lastExchanges(state, { limit: SHOWN_EXCHANGES }), text), html`<p><a href="${root}/_mocks/journal">${text.moreInJournal}</a></p>`,
    html`<h2>${text.downloads}</h2><ul><li><a href="${root}/collection.json?lang=${language}">${text.collection}</a></li>${roles.filter(([role]) => state.wires.has(role)).map(([role]) => html`<li><a href="${root}/openapi/${role}.json">OpenAPI 3.1: ${role}</a></li>`)}</ul>`,
  ] })
}

function partnersOf({ wires, baseUrl: ownUrl }: HubState, role: string, listed: readonly Listed[], language: Language): Html {
  const text = PAGE_TEXT[language]
  const rows = table([text.partner, text.address, text.key], listed.map(({ id, title, baseUrl, key }) => [html`<a href="${rootOf(ownUrl)}/partners/${id}?lang=${language}">${title[language]}</a>`, code(baseUrl), code(key)]))
  const title = wires.get(role)?.role.title[language] ?? role
  return listed.length > 5 ? html`<details><summary>${title}: ${text.count(listed.length)}</summary>${rows}</details>` : html`<h3>${title}</h3>${rows}`
}

function access({ vneidClient, portalUrl, inboxUrl, baseUrl, simulators, wish }: HubState, text: PageText): Html {
  const issuer = simulators.has('vneid')
    ? html`<dt>${text.issuer}</dt><dd>${code(`${baseUrl}/vneid${wish.profile?.issuer?.basePath ?? ''}`)}</dd><dt>${text.client}</dt><dd>${code(vneidClient.clientId)}</dd><dt>${text.secret}</dt><dd>${code(vneidClient.clientSecret)}</dd>
<dt>${text.redirects}</dt><dd>${vneidClient.redirectUris.map((uri) => html`${code(uri)} `)}</dd><dd>${text.passcode}</dd>` : plain('')
  return html`<dl>${issuer}<dt>${text.key}</dt><dd>${text.keyRule}</dd><dt>${text.portal}</dt><dd>${code(portalUrl)}</dd><dt>${text.inbox}</dt><dd>${code(`${inboxUrl}/…`)}</dd></dl>`
}

function magic({ world, listing, wires }: HubState, language: Language): Html {
  const text = PAGE_TEXT[language]
  if (!world.magic) return html`<p>${text.magicOff}</p>`
  const served = new Set(listing.map(({ role }) => role))
  const rows = MAGIC.filter(({ role }) => served.has(role))
  return html`<p>${text.magicIntro}</p>${[...Map.groupBy(rows, ({ role }) => role)].map(([role, own]) => html`<details><summary>${wires.get(role)?.role.title[language] ?? role}</summary>${table(
    [text.operation, text.field, text.value, text.effect], own.map((row) => [code(row.operation), code(row.field), code(String(row.value)), plain(row.text[language])]),
  )}</details>`)}`
}

/** Ready to be pasted; they work on what is served. */
export function controls({ listing, baseUrl }: Pick<HubState, 'listing' | 'baseUrl'>): string[] {
  const post = (query: string, body: unknown) => `curl -sS -X POST '${baseUrl}/_mocks/control${query}' --data-raw '${JSON.stringify(body)}'`
  const first = listing[0]
  return [
    ...(first ? [post(`?partner=${first.id}`, { action: 'behave', behaviours: [{ route: '*', latency: { distribution: 'log-normal', p50Ms: 80, p95Ms: 400 } }] })] : []),
    post('', { action: 'behave', behaviours: [{ route: '*', share: 0.05, status: 503, code: 'OUT_OF_SERVICE' }] }),
    post('', { action: 'behave', behaviours: [] }),
    post('', { action: 'clock.advance', ms: 600_000 }),
  ]
}
