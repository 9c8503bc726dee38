/** What a browser or an importing tool asks for: the start page, a partner's page, the OpenAPI documents, the collection. Undefined for anything else. */
import { suggest } from '../../contracts/did-you-mean.ts'
import { openApiOf } from '../../contracts/partner-api/openapi.ts'
import { LANGUAGES, type Language } from '../../contracts/text.ts'
import type { RawRequest } from '../../mocks/server/endpoint.ts'
import { ok, refusal, type Answer } from '../../mocks/server/route.ts'
import { collectionOf } from './collection.ts'
import { otherMethod } from './desk.ts'
import type { HubState } from './hub.ts'
import { partnerPage } from './partner-page.ts'
import { startPage } from './start-page.ts'

export function answerPage(state: HubState, { method, path, query }: Pick<RawRequest, 'method' | 'path' | 'query'>): Answer | undefined {
  if (!/^\/(?:$|collection\.json$|(?:partners|openapi)\/)/.test(path)) return undefined
  if (method !== 'GET' && method !== 'HEAD') return otherMethod({ method }, path, 'GET')
  const asked = new URLSearchParams(query).get('lang')
  const language: Language = LANGUAGES.find((one) => one === asked) ?? state.wish.language
  if (path === '/') return page(startPage(state, language))
  if (path === '/collection.json') return download(collection(state, language), 'tongduyet-mocks.postman_collection.json')
  const [, kind, name] = /^\/(partners|openapi)\/([^/]+)$/.exec(path) ?? []
  if (kind === 'partners') {
    const listed = state.listing.find(({ id }) => id === name)
    return listed ? page(partnerPage(state, listed, language)) : refusal(404, 'PARTNER_UNKNOWN', suggest(shown(name!), [...state.simulators.keys()]))
  }
  const role = name?.replace(/\.json$/, '') ?? ''
  return openApi(state, role) ?? refusal(404, 'ROLE_UNKNOWN', suggest(shown(role), [...new Set(state.listing.map((listed) => listed.role))]))
}

/** So much of what was asked for is compared with what there is. */
function shown(name: string): string { return name.slice(0, 100) }

function page(text: string): Answer { return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, text } }

function download(body: unknown, name: string): Answer { return { ...ok(body), headers: { 'content-disposition': `attachment; filename="${name}"` } } }

/** One partner of each role: which one is asked is a variable of the collection. */
function collection({ listing, wires, baseUrl, inboxUrl }: HubState, language: Language) {
  const partners = [...Map.groupBy(listing, ({ role }) => role)].flatMap(([role, listed]) => {
    const wire = wires.get(role)
    return wire ? [{ listed: listed[0]!, wire }] : []
  })
  return collectionOf(partners, { baseUrl, inboxUrl, nowMs: Date.now(), language })
}

/** As in `contracts/openapi/`, by the contract profile in force, with where its partners are. */
function openApi({ wires, wish, listing }: HubState, roleId: string): Answer | undefined {
  const wire = wires.get(roleId)
  if (!wire) return undefined
  const servers = listing.filter(({ role }) => role === roleId).map(({ baseUrl, title }) => ({ url: baseUrl, description: title.en }))
  return ok({ ...openApiOf(wire.role, wish.profile?.roles[roleId]), servers })
}
