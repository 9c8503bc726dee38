/** One partner's page: its operations with their statuses, what it sends by itself, ready commands, its last exchanges. */
import type { Language } from '../../contracts/text.ts'
import { lastExchanges } from './desk.ts'
import { curlOf, readyRequests } from './examples.ts'
import { exchangeList } from './exchange-list.ts'
import { html, type Html } from './html.ts'
import type { HubState } from './hub.ts'
import type { Listed } from './listing.ts'
import { code, pageFrame, plain, rootOf, table } from './page-frame.ts'
import { PAGE_TEXT } from './page-text.ts'

const SHOWN_EXCHANGES = 50

export function partnerPage(state: HubState, listed: Listed, language: Language): string {
  const text = PAGE_TEXT[language]
  const wire = state.wires.get(listed.role)
  const other = language === 'vi' ? 'en' : 'vi'
  const about: Html[] = wire ? [
    html`<p>${wire.role.description[language]}</p>`,
    html`<h2>${text.operations}</h2>`, table([text.operation, text.request, '', text.status], wire.role.operations.map((operation) => {
      const { method, path, answer } = wire.operation(operation.name)
      return [code(operation.name), code(`${method} ${path}`), plain(operation.summary[language]), plain([...new Set(Object.keys(operation.answers).map((status) => answer(Number(status), undefined).status))].toSorted().join(' '))]
    })),
    ...(wire.role.calls.length > 0 ? [html`<h2>${text.calls}</h2>`, table([text.operation, '', text.to], wire.role.calls.map((call) => [code(call.name), plain(call.summary[language]), plain(call.to === 'caller' ? text.caller : state.wires.get(call.to)?.role.title[language] ?? call.to)]))] : []),
    html`<h2>${text.examples}</h2>`, ...readyRequests(listed, wire, { inboxUrl: state.inboxUrl, nowMs: Date.now() }).map((ready) => html`<h3>${ready.operation.name}: ${ready.example.title[language]} → ${ready.status}</h3>
${ready.example.given ? html`<p>${text.given}: ${ready.example.given[language]}</p>` : plain('')}<pre>${curlOf(ready, listed.baseUrl)}</pre>`),
  ] : []
  return pageFrame({ language, title: listed.title[language], head: html`<a href="${rootOf(state.baseUrl)}/?lang=${language}">${text.back}</a><a href="${rootOf(state.baseUrl)}/partners/${listed.id}?lang=${other}">${text.otherLanguage}</a>`, body: [
    html`<dl><dt>${text.address}</dt><dd>${code(listed.baseUrl)}</dd><dt>${text.key}</dt><dd>${code(listed.key)}</dd></dl>`,
    ...about,
    html`<h2>${text.exchanges}</h2>`, exchangeList(lastExchanges(state, { partner: listed.id, limit: SHOWN_EXCHANGES }), text),
  ] })
}
