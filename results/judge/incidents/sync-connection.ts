/**
 * `sync-connection`: partners could not reach the portal: pushes that ended in an error of the connection (refused, reset, no answer, a certificate that is not trusted)
 * while whoever else spoke with the portal was answered in time. Where others were not answered either it is the portal or its edge that was away, which is another finding;
 * that is looked at stretch by stretch, since a night can have both.
 * A certificate that had really ended when it was shown is named with its end, and is the edge's in any case.
 * A portal that is merely slow or sheds load (`overload`), and a block by the WAF, are none of it. One partner alone: it is named; several: the edge they all come to; pushes
 * that the edge took and got no answer to from behind, by its own log: the portal.
 */
import { CERTIFICATE_ENDED } from '../../../contracts/api/partners.ts'
import { isoHanoi } from '../../../contracts/scenario-clock.ts'
import type { Finding } from '../../../contracts/verdict.ts'
import { starved } from '../busy.ts'
import type { Case } from '../case.ts'
import { literal } from '../database.ts'
import { edgeAt, unansweredAt } from '../edge-log.ts'
import { examplesOf } from '../examples.ts'
import { findingOf, powerOf } from '../findings.ts'
import { explain, type IncidentRule, isIncident, percent } from './incident-rule.ts'

/** As partners tell them: Node's and undici's names, and those of TLS. */
export const CONNECTION_ERRORS = [
  'TIMEOUT', 'RESET', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET',
  'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID',
] as const
const PUSHES = `kind IN ('sync.dossier', 'sync.status')`
const CODE = `split_part(error, ':', 1)`
/** When the certificate ended that a partner was shown, epoch ms; null where he did not say. */
const ENDED = `epoch_ms(TRY_CAST(nullif(regexp_extract(error, '${CERTIFICATE_ENDED}', 1), '') AS TIMESTAMPTZ))`
/** By the clock of the run: a partner whose own clock is wrong takes a good one for expired. */
const EXPIRED = `${CODE} = 'CERT_HAS_EXPIRED' AND coalesce(${ENDED} <= invoked, false)`
const TOUCHED = `${PUSHES} AND outcome = 'info' AND ${CODE} IN (${CONNECTION_ERRORS.map(literal).join(', ')})`

/** Others who spoke with the portal meanwhile: so many, so well. */
const MIN_OTHERS = 3
const OTHERS_ANSWERED = 0.9
const OTHERS_MS = 2_000
/** Pushes that broke off no further apart belong to one stretch (wall clock). */
const APART_MS = 3_000

export const syncConnection: IncidentRule = {
  id: 'sync-connection',
  needs: ['edge'],
  async detect(kase) { return await starved(kase) === null ? findingsOf(kase) : [] },
  async doubt(kase) {
    const why = await starved(kase)
    if (why === null) return null
    return (await findingsOf(kase)).length === 0 ? null : `signs of it, but too busy itself meanwhile: ${why}`
  },
}

async function findingsOf(kase: Case) {
  const { db, plan } = kase
  const edge = edgeAt(plan, plan.target.addresses.new)
  const broken = `SELECT id FROM ops WHERE ${TOUCHED} AND id NOT IN (SELECT id FROM explained) AND id NOT IN (SELECT id FROM edge_rows WHERE entry = 'block' AND id IS NOT NULL)`
  if (await db.count(`SELECT count(*) FROM (${broken})`) === 0) return []
  const expired = `SELECT id FROM ops WHERE id IN (${broken}) AND ${EXPIRED}`
  const silent = `${broken} AND id NOT IN (${expired})`
  const away = await whenAway(kase, silent, await aloneIn(kase, silent))
  const there = `${silent} AND NOT ${away}`
  const answered = await othersWereAnswered(kase, there, await aloneIn(kase, there), away)
  const behind = `${there} AND id IN (${unansweredAt(edge)})`
  const onTheWay = `${there} AND id NOT IN (${unansweredAt(edge)})`
  // Who showed a certificate was there: that needs no others to say so.
  const found = [await wayFinding(kase, answered ? `${onTheWay} UNION ALL ${expired}` : expired, edge), answered ? await portalFinding(kase, behind, edge) : null].filter((finding) => finding !== null)
  if (found.length > 0 || !answered) return found
  // Too few of each for an incident are told together, as of one line.
  const together = await wayFinding(kase, there, edge)
  return together === null ? [] : [together]
}

async function wayFinding(kase: Case, ids: string, edge: string | null): Promise<Finding | null> {
  const { db } = kase
  const partners = await partnersOf(kase, ids)
  const alone = partners.length === 1 ? partners[0]!.partner : null
  const counted = await countedOf(kase, ids, alone)
  if (counted === null) return null
  const { ended } = await db.row<{ ended: number | null }>(`SELECT max(${ENDED}) AS ended FROM ops WHERE id IN (${ids}) AND ${EXPIRED}`)
  const at = edge ?? 'the portal'
  const touched = await examplesOf(kase, ids)
  await explain(db, ids)
  return findingOf(kase, {
    // A certificate whose time is over is that of whoever shows it, however many have come to it.
    incident: 'sync-connection', class: 'incident', system: alone === null || ended !== null ? edge ?? 'portal' : `partner-${alone}`,
    cause: `${counted.text(alone ?? `${partners.length} partners`)}; ${ended === null ? 'others were answered meanwhile' : `the certificate that ${at} showed them had ended at ${isoHanoi(ended)} (wall clock)`}`,
    measure: ended === null
      ? `look at the way from ${alone === null ? 'the partners' : `partner ${alone}`} to ${at}: lines and firewalls between the two, the listener, its certificate; what was not acknowledged is pushed again with the same reference`
      : `renew the certificate of ${at}, have its end watched and reported long before; what was not acknowledged is pushed again with the same reference`,
    rerunCondition: 'every push is answered at its first attempt', power: powerOf(counted.all, touched.count, 'pushes'), ...touched,
  })
}

async function portalFinding(kase: Case, ids: string, edge: string | null): Promise<Finding | null> {
  const counted = await countedOf(kase, ids, null)
  if (counted === null) return null
  const partners = await partnersOf(kase, ids)
  const touched = await examplesOf(kase, ids)
  await explain(kase.db, ids)
  return findingOf(kase, {
    incident: 'sync-connection', class: 'incident', system: 'portal',
    cause: `${counted.text(`${partners.length} ${partners.length === 1 ? 'partner' : 'partners'}`)}; each stands in the log of ${edge ?? 'the edge'}, which got no answer from behind; others were answered meanwhile`,
    measure: 'find in the logs of portal and of its database what its sync waits for while it answers others; what was not acknowledged is pushed again with the same reference',
    rerunCondition: 'every push is answered at its first attempt', power: powerOf(counted.all, touched.count, 'pushes'), ...touched,
  })
}

/** How many, of all that went there, and what came instead; null where it is too little for an incident. */
async function countedOf({ db }: Case, ids: string, alone: string | null): Promise<{ all: number; text: (whose: string) => string } | null> {
  const all = await db.count(`SELECT count(*) FROM ops WHERE ${PUSHES}${alone === null ? '' : ` AND partner = ${literal(alone)}`}`)
  const codes = await db.rows<{ code: string; n: number }>(`SELECT ${CODE} AS code, count(*) AS n FROM ops WHERE id IN (${ids}) GROUP BY code ORDER BY n DESC, code`)
  const touched = codes.reduce((sum, { n }) => sum + n, 0)
  if (!isIncident(touched, all)) return null
  return { all, text: (whose) => `${touched} of ${all} pushes of ${whose} (${percent(touched, all)}) never got an answer from the portal: ${codes.map(({ code, n }) => `${code} ${n} times`).join(', ')}` }
}

function partnersOf({ db }: Case, ids: string): Promise<{ partner: string; touched: number }[]> {
  return db.rows(`SELECT partner, count(*) AS touched FROM ops WHERE id IN (${ids}) AND partner IS NOT NULL GROUP BY partner ORDER BY touched DESC, partner`)
}

async function aloneIn(kase: Case, ids: string): Promise<string | null> {
  const partners = await partnersOf(kase, ids)
  return partners.length === 1 ? partners[0]!.partner : null
}

/** Who else spoke with the portal. Pushes that got through a broken line are late too; those of others say something where one partner is alone with it. */
function others(ids: string, alone: string | null): string {
  return `id NOT IN (${ids}) AND (system = 'portal' AND kind NOT IN ('payment.create', 'sms.send') ${alone === null ? '' : `OR ${PUSHES} AND partner <> ${literal(alone)}`})`
}

/** Stretches of pushes that broke off in which hardly anybody else was answered in time either: a condition on `invoked`. */
async function whenAway({ db }: Case, ids: string, alone: string | null): Promise<string> {
  const stretches = await db.rows<{ first: number; last: number }>(`
    WITH broken AS (SELECT invoked, coalesce(invoked - lag(invoked) OVER (ORDER BY invoked) > ${APART_MS}, true) AS begins FROM ops WHERE id IN (${ids})),
      stretch AS (SELECT min(invoked) AS first, max(invoked) AS last FROM (SELECT invoked, sum(begins::INT) OVER (ORDER BY invoked ROWS UNBOUNDED PRECEDING) AS n FROM broken) GROUP BY n)
    SELECT first, last FROM stretch JOIN (SELECT invoked, outcome <> 'info' AND completed - invoked < ${OTHERS_MS} AS answered FROM ops WHERE ${others(ids, alone)}) AS o ON o.invoked BETWEEN first AND last
    GROUP BY first, last HAVING count(*) >= ${MIN_OTHERS} AND count(*) FILTER (o.answered) < count(*) * ${OTHERS_ANSWERED} ORDER BY first`)
  return `(${['false', ...stretches.map(({ first, last }) => `invoked BETWEEN ${first} AND ${last}`)].join(' OR ')})`
}

/** From the first push that failed to the last, but for when it was `away`: somebody else was answered, and quickly. */
async function othersWereAnswered({ db }: Case, ids: string, alone: string | null, away: string): Promise<boolean> {
  const { first, last } = await db.row<{ first: number | null; last: number | null }>(`SELECT min(invoked) AS first, max(invoked) AS last FROM ops WHERE id IN (${ids})`)
  if (first === null || last === null) return false
  const { n, answered, slow } = await db.row<{ n: number; answered: number; slow: number | null }>(`
    SELECT count(*) AS n, count(*) FILTER (outcome <> 'info') AS answered, quantile_disc(completed - invoked, 0.9) AS slow FROM ops
    WHERE invoked BETWEEN ${first} AND ${last} AND NOT ${away} AND ${others(ids, alone)}`)
  return n >= MIN_OTHERS && answered >= n * OTHERS_ANSWERED && (slow ?? OTHERS_MS) < OTHERS_MS
}
