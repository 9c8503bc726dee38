/**
 * Folds attempts into logical operations and gives each its places (design section 5). In: table history, the plan, the times of the night.
 * Out: table iterations(scenario, late, began, ended), late = wall ms from the intended moment to the first step (began); table history less what it said of the operation
 * itself; table ops, one row an operation: outcome (any ok, else any info, else fail), when it was acknowledged, and for writes up to MAX_PLACES
 * places: 0 = the right system, then the copies that are due: file0/type0/bound0/due0, … `rivals` are the groups of "elsewhere".
 */
import { KINDS, OPERATION_KINDS, type CopyPlace, type KindRule, type OperationKind } from '../../contracts/kinds.ts'
import type { Plan } from '../../contracts/plan.ts'
import type { BoundName } from '../../contracts/profile.ts'
import type { SystemRole } from '../../contracts/target.ts'
import { type Database, literal } from './database.ts'
import type { NightTimes } from './night-times.ts'
import { recordTypeIndex, rivalGroup } from './record-types.ts'

/** `migrated`: due only where the migration can have taken the record along (it was acknowledged before a copy began that ended). */
type Place = { place: CopyPlace | 'legacy'; recordType: string; bound: BoundName; migrated: boolean }
type Office = 'portal' | 'legacy'

const KIND_RULES = OPERATION_KINDS.filter((kind) => KINDS[kind].effect === 'write')
export const MAX_PLACES = 1 + Math.max(...KIND_RULES.flatMap((kind) => [KINDS[kind].copies.length, KINDS[kind].copiesFromLegacy?.length ?? 0]))

/** The bound of an acknowledging system itself where the kind has no copies. */
const HOME_BOUND: Partial<Record<OperationKind, BoundName>> = { 'payment.create': 'payment' }

export async function foldOperations(db: Database, plan: Plan, times: NightTimes): Promise<void> {
  await createRoutes(db, plan)
  await db.run('CREATE TABLE repeated AS SELECT id FROM history WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1')
  const repeated = await db.count('SELECT count(*) FROM repeated') > 0
  const away = absent(plan)
  // What takes no part in this run is owed nothing.
  const noneDue = (slot: number) => slot === 0 || away.length === 0 ? '' : ` AND NOT coalesce(CASE t.via${slot} WHEN 'partner' THEN 'partner-' || o.partner WHEN 'bank' THEN 'bank-' || o.bank ELSE t.via${slot} END IN (${away.map(literal).join(', ')}), false)`
  const slots = Array.from({ length: MAX_PLACES }, (_, slot) => `CASE t.via${slot} WHEN 'partner' THEN sp.file WHEN 'bank' THEN sb.file ELSE t.at${slot} END AS file${slot},
    t.type${slot}, t.bound${slot}, t.type${slot} IS NOT NULL AND (NOT t.migrated${slot} OR o.copied)${noneDue(slot)} AS due${slot}`)
  const { office, guessed } = officeOf(plan, times)
  await db.run(`
    CREATE TABLE ops AS
    SELECT o.*, ${slots.join(', ')}, t.rivals, sp.file AS partner_file, t.kind IS NOT NULL AS writes
    FROM (SELECT l.*, ${office} AS office, ${guessed} AS guessed, ${times.copiedUpTo === null ? 'false' : `l.completed < ${times.copiedUpTo}`} AS copied
          FROM (${ONCE} ${repeated ? `WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM repeated) UNION ALL ${FOLDED}` : 'WHERE id IS NOT NULL'}) l) o
    LEFT JOIN routes t ON t.kind = o.kind AND t.office = o.office
    LEFT JOIN systems sp ON sp.name = 'partner-' || o.partner AND sp.role = 'partner'
    LEFT JOIN systems sb ON sb.name = 'bank-' || o.bank AND sb.role = 'bank'`)
  for (const column of SAID_COLUMNS) await db.run(`ALTER TABLE history DROP COLUMN ${column}`)
  await db.run(`CREATE TABLE iterations AS SELECT s.scenario, min(o.invoked - o.intended) AS late, min(o.invoked) AS began, max(o.completed) AS ended FROM ops o JOIN plan_steps s ON s.sid = o.id >> 32 GROUP BY s.scenario, o.id & 4294967295`)
}

/** Systems that the target calls absent. */
function absent({ target, partners }: Plan): string[] {
  return [...new Set([...target.systems.filter(({ mode }) => mode === 'absent').map(({ id }) => id), ...partners.filter(({ mode }) => mode === 'absent').map(({ id }) => `partner-${id}`)])]
}

/** What only one attempt speaks for: moved to the operation, because both tables together would not fit into the memory bound. */
const SAID_COLUMNS = ['region', 'system', 'from_legacy', 'dossier', 'dossier_hash', 'partner', 'bank', 'name', 'proc', 'unit', 'amount', 'observed', 'http', 'error'] as const
const SAID = SAID_COLUMNS.join(', ')

const ONCE = `SELECT id, chk, file AS worker, rowid AS hrow, kind, outcome, intended, invoked, completed, ${SAID} FROM history`

/** The best attempt speaks; of equals the last. Times span all attempts. */
const FOLDED = `
  SELECT id, chk, file, hrow, kind, outcome, intended, first_invoked, CASE WHEN outcome = 'ok' THEN completed ELSE last_completed END, ${SAID}
  FROM (SELECT *, rowid AS hrow, min(invoked) OVER w AS first_invoked, max(completed) OVER w AS last_completed,
          row_number() OVER (PARTITION BY id ORDER BY outcome DESC, attempt DESC, completed DESC, rowid DESC) AS choice
        FROM history WHERE id IN (SELECT id FROM repeated) WINDOW w AS (PARTITION BY id)) WHERE choice = 1`

/**
 * Who is in office. Submissions: the old portal until the freeze has ended. Logins: look-ups go on at the frozen old portal, so it stays in office
 * until the DNS switch; while resolvers follow, either is right. A rehearsal without a cutover has one portal in office, the one that answered.
 * `guessed`: the office hangs on the answer alone, so where none came it is not known.
 */
function officeOf(plan: Plan, times: NightTimes): { office: string; guessed: string } {
  const has = (action: string) => plan.runbook.steps.some((entry) => 'do' in entry && action in entry.do)
  if (!plan.target.systems.some((system) => system.role === 'legacy')) return { office: `'portal'`, guessed: 'false' }
  const answered = `CASE WHEN l.system IN ('portal', 'legacy') THEN l.system ELSE 'portal' END`
  const until = (moment: number | null, undone: number | null) =>
    `CASE WHEN ${moment === null ? 'true' : `l.invoked < ${moment}`} ${undone === null ? '' : `OR l.invoked >= ${undone}`} THEN 'legacy' ELSE 'portal' END`
  // Where a broken journal does not tell the moment, who answered is taken to have been in office.
  const told = (moment: number | null) => moment !== null || times.whole
  const [frozen, switched] = [has('legacy.freeze') && told(times.freezeDone), has('dns.switch') && told(times.switchDone)]
  const submissions = frozen ? until(times.freezeDone, times.freezeUndone) : answered
  const following = times.switchBegin !== null ? `l.invoked >= ${times.switchBegin} AND l.invoked < ${times.dnsSettled ?? 'l.invoked + 1'}` : 'false'
  const logins = switched ? `CASE WHEN ${following} THEN ${answered} ELSE ${until(times.switchDone, times.switchUndone)} END` : submissions
  // Only submissions end with the freeze; every other operation of the front follows DNS.
  return {
    office: `CASE WHEN l.kind = 'dossier.submit' THEN ${submissions} ELSE ${logins} END`,
    guessed: `CASE l.kind WHEN 'dossier.submit' THEN ${!frozen} WHEN 'login' THEN ${switched ? following : !frozen} ELSE false END`,
  }
}

function placesOf(kind: OperationKind, office: Office): Place[] {
  const rule = KINDS[kind]
  if (rule.effect === 'read' || rule.home === null || rule.recordType === null) return []
  const fromLegacy = rule.home === 'front' && office === 'legacy'
  const copies = fromLegacy && rule.copiesFromLegacy ? rule.copiesFromLegacy : rule.copies
  const home: Place = {
    place: rule.home === 'front' ? office : rule.home, recordType: rule.recordType, bound: HOME_BOUND[kind] ?? copies[0]?.bound ?? 'dossierSync', migrated: false,
  }
  return [home, ...copies.map((copy): Place => ({ ...copy, migrated: fromLegacy && rule.copiesFromLegacy !== undefined }))]
}

/** Table routes: for each kind and office its places, files as far as they do not hang on the operation's own partner or bank. */
async function createRoutes(db: Database, plan: Plan): Promise<void> {
  const files = new Map((await db.rows<{ name: string; file: number }>('SELECT name, file FROM systems WHERE role IS NOT NULL')).map((row) => [row.name, row.file]))
  const slots = Array.from({ length: MAX_PLACES }, (_, slot) => slot)
  await db.run(`CREATE TABLE routes (kind kind, office VARCHAR, rivals UTINYINT, ${slots.map((slot) => `via${slot} VARCHAR, at${slot} USMALLINT, type${slot} UTINYINT, bound${slot} UINTEGER, migrated${slot} BOOLEAN`).join(', ')})`)
  const rows = KIND_RULES.flatMap((kind) => (['legacy', 'portal'] as const).map((office) => {
    const places = placesOf(kind, office)
    return `(${literal(kind)}, ${literal(office)}, ${rivalsOf(places)}, ${slots.map((slot) => {
      const place = places[slot]
      if (!place) return 'NULL, NULL, NULL, NULL, NULL'
      return `${literal(place.place)}, ${files.get(place.place) ?? 'NULL'}, ${recordTypeIndex(place.recordType)}, ${Math.ceil(plan.boundsWallMs[place.bound])}, ${place.migrated}`
    }).join(', ')})`
  }))
  await db.run(`INSERT INTO routes VALUES ${rows.join(', ')}`)
}

/** Groups in which a record of the home's type would lie elsewhere: those of all places where any kind of operation leaves that type. */
function rivalsOf(places: readonly Place[]): number {
  const homes = ({ home, recordType }: KindRule) => (home === 'front' ? ['portal', 'legacy'] : [home]).map((place) => ({ place, recordType }))
  return Object.values(KINDS).flatMap((rule: KindRule) => [...homes(rule), ...rule.copies, ...rule.copiesFromLegacy ?? []])
    .filter((place) => place.recordType === places[0]?.recordType).reduce((groups, { place }) => groups | rivalGroup(place as SystemRole | null), 0)
}
