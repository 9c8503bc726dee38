/**
 * One request of ModSecurity's audit log (JSON, one line) as the entries that the embedded edge's firewall log has: of a blocked one the heaviest rule is
 * the block and every further rule an alert; of one that passed all are alerts. Rules that only add up or decide (949110) are none where others are
 * there. What matched is taken out of the rule's own words. A line that is no such record throws.
 */
import { z } from 'zod'
import type { WafEntry } from '../../network/edge/access-log.ts'
import { originOf, type Origins } from '../../network/edge/origin.ts'
import { DECIDING_RULES } from './waf-config.ts'

/** As much of what matched as a log keeps. */
const MATCHED_CHARACTERS = 80
const CHARACTERS_BEFORE = 30
/** The rule set's own sums, by id: 949 inbound, 959 outbound, 980 correlation. */
const SUMS = /^(?:949|959|980)\d{3}$/

const Message = z.object({ message: z.string(), details: z.object({ match: z.string(), ruleId: z.string(), data: z.string(), severity: z.string() }) })
type Message = z.infer<typeof Message>

const AuditLine = z.object({ transaction: z.object({
  client_ip: z.string(),
  /** `<seconds of the request's beginning>-<nginx's request id>`. */
  unique_id: z.string().regex(/^\d+\.\d{3}-/),
  request: z.object({ uri: z.string(), headers: z.record(z.string(), z.string()) }),
  messages: z.array(Message),
}) })

export function wafEntriesOf(text: string, origins: Origins): WafEntry[] {
  const { client_ip: remote, unique_id, request, messages } = AuditLine.parse(JSON.parse(text)).transaction
  const blocked = messages.some(({ details }) => DECIDING_RULES.has(details.ruleId))
  const rules = messages.filter(({ details }) => !SUMS.test(details.ruleId))
  const told = rules.length > 0 ? rules : messages
  const heaviest = blocked ? told.reduce((best, message) => severityOf(message) < severityOf(best) ? message : best, told[0]!) : undefined
  const cut = request.uri.indexOf('?')
  const shared = {
    at: Math.round(Number.parseFloat(unique_id) * 1_000), op: headerOf(request.headers, 'x-op'),
    path: cut < 0 ? request.uri : request.uri.slice(0, cut), origin: originOf(origins, remote), remote,
  }
  return told.map((message): WafEntry => ({
    ...shared, action: message === heaviest ? 'block' : 'log', ruleId: message.details.ruleId, ruleTitle: message.message, matched: matchedOf(message),
  }))
}

/** 0 emergency … 7 debug; a rule without one weighs least. */
function severityOf({ details }: Message): number { return details.severity === '' ? 8 : Number(details.severity) }

function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  for (const [key, value] of Object.entries(headers)) if (key.toLowerCase() === name) return value
  return undefined
}

/**
 * What of the request it was. Rules say `Matched Data: <what> found within <variable>: <the whole>`, `<variable>=<the whole>` or nothing; libinjection names a pattern of
 * its own as what, and a rule about bytes the whole body: there it is the first character that it does not allow, with what stands before it.
 */
function matchedOf({ details: { data, match } }: Message): string {
  const [, what, whole] = /^Matched Data: ([\s\S]+?) found within [A-Z_]+(?::[^:\s]+)?: ([\s\S]*)$/.exec(data) ?? []
  const text = (match.includes('libinjection') ? whole : what) ?? (data || /\(Value: `([\s\S]*)' \)$/.exec(match)?.[1] || match)
  // Rules look at bytes: one that begins or ends inside a character leaves a broken one.
  const characters = [...text.replaceAll('\uFFFD', '')]
  const from = match.includes('`ValidateByteRange\'') ? Math.max(0, characters.findIndex((character) => !/[\x20-\x7e]/.test(character)) - CHARACTERS_BEFORE) : 0
  return characters.slice(from, from + MATCHED_CHARACTERS).join('')
}
