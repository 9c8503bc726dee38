/**
 * `sync-connection`: partners could not reach the portal: pushes that ended in an error of the connection (refused, reset, no answer, a certificate that is not trusted)
 * while whoever else spoke with the portal was answered in time. Where others were not answered either it is the portal or its edge that was away, which is another finding;
 * that is looked at stretch by stretch, since a night can have both.
 * A certificate that had really ended when it was shown is named with its end, and is the edge's in any case.
 * A portal that is merely slow or sheds load (`overload`), and a block by the WAF, are none of it. One partner alone: it is named; several: the edge they all come to.
 */
import { CERTIFICATE_ENDED } from '../../../contracts/api/partners.ts'
import { isoHanoi } from '../../../contracts/scenario-clock.ts'
import { starved } from '../busy.ts'
import { type Case, systemsOf } from '../case.ts'
import { literal } from '../database.ts'
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
  const broken = `SELECT id FROM ops WHERE ${TOUCHED} AND id NOT IN (SELECT id FROM explained) AND id NOT IN (SELECT id FROM edge_rows WHERE entry = 'block' AND id IS NOT NULL)`
  if (await db.count(`SELECT count(*) FROM (${broken})`) === 0) return []
  const expired = `SELECT id FROM ops WHERE id IN (${broken}) AND ${EXPIRED}`
  const silent = `${broken} AND id NOT IN (${expired})`
  const away = await whenAway(kase, silent, await aloneIn(kase, silent))
  const there = `${silent} AND NOT ${away}`
  // Who showed a certificate was there: that needs no others to say so.
  const ids = await othersWereAnswered(kase, there, await aloneIn(kase, there), away) ? `${there} UNION ALL ${expired}` : expired
  const partners = await partnersOf(kase, ids)
  const touchedOnes = partners.reduce((sum, { touched }) => sum + touched, 0)
  const alone = partners.length === 1 ? partners[0]!.partner : null
  const all = await db.count(`SELECT count(*) FROM ops WHERE ${PUSHES}${alone === null ? '' : ` AND partner = ${literal(alone)}`}`)
  if (!isIncident(touchedOnes, all)) return []
  const codes = await db.rows<{ code: string; n: number }>(`SELECT ${CODE} AS code, count(*) AS n FROM ops WHERE id IN (${ids}) GROUP BY code ORDER BY n DESC, code`)
  const { ended } = await db.row<{ ended: number | null }>(`SELECT max(${ENDED}) AS ended FROM ops WHERE id IN (${expired})`)
  const edge = systemsOf(plan, 'edge').find(({ url }) => url !== undefined && new URL(url).hostname === plan.target.addresses.new)
  const at = edge?.id ?? 'the portal'
  // A certificate whose time is over is that of whoever shows it, however many have come to it.
  const system = alone === null || ended !== null ? edge?.id ?? 'portal' : `partner-${alone}`
  const touched = await examplesOf(kase, ids)
  await explain(db, ids)
  return [findingOf(kase, {
    incident: 'sync-connection', class: 'incident', system,
    cause: `${touched.count} of ${all} pushes of ${alone ?? `${partners.length} partners`} (${percent(touched.count, all)}) never got an answer from the portal: ${codes.map(({ code, n }) => `${code} ${n} times`).join(', ')}; `
      + (ended === null ? 'others were answered meanwhile' : `the certificate that ${at} showed them had ended at ${isoHanoi(ended)} (wall clock)`),
    measure: ended === null
      ? `look at the way from ${alone === null ? 'the partners' : `partner ${alone}`} to ${at}: lines and firewalls between the two, the listener, its certificate; what was not acknowledged is pushed again with the same reference`
      : `renew the certificate of ${at}, have its end watched and reported long before; what was not acknowledged is pushed again with the same reference`,
    rerunCondition: 'every push is answered at its first attempt', power: powerOf(all, touched.count, 'pushes'), ...touched,
  })]
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

/** Stretches of pushes that broke off in which hardly anybody else was answered either: a condition on `invoked`. */
async function whenAway({ db }: Case, ids: string, alone: string | null): Promise<string> {
  const stretches = await db.rows<{ first: number; last: number }>(`
    WITH broken AS (SELECT invoked, coalesce(invoked - lag(invoked) OVER (ORDER BY invoked) > ${APART_MS}, true) AS begins FROM ops WHERE id IN (${ids})),
      stretch AS (SELECT min(invoked) AS first, max(invoked) AS last FROM (SELECT invoked, sum(begins::INT) OVER (ORDER BY invoked ROWS UNBOUNDED PRECEDING) AS n FROM broken) GROUP BY n)
    SELECT first, last FROM stretch JOIN (SELECT invoked, outcome FROM ops WHERE ${others(ids, alone)}) AS o ON o.invoked BETWEEN first AND last
    GROUP BY first, last HAVING count(*) >= ${MIN_OTHERS} AND count(*) FILTER (o.outcome <> 'info') < count(*) * ${OTHERS_ANSWERED} ORDER BY first`)
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
