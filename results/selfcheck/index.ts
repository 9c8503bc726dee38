/**
 * Pass 2: every run proves its own checker (design section 5). Canaries are laid over the loaded records in memory, the operations are classed again,
 * and each canary must be named, no more and no less than pass 1 named before. The evidence itself is never touched. In: a run folder. Out:
 * selfcheck.json: pass, or inconclusive where a canary is not named, something else is, or there was no record to make a canary of.
 */
import { writeFile } from 'node:fs/promises'
import type { z } from 'zod'
import { canonicalJson } from '../../contracts/canonical-json.ts'
import { Selfcheck } from '../../contracts/verdict.ts'
import { type Case, nameOperations } from '../judge/case.ts'
import type { Database } from '../judge/database.ts'
import { withCase } from '../judge/index.ts'
import { laidOver } from '../judge/overlay.ts'
import { chooseCanaries, type ChosenCanary } from './canaries.ts'

export type SelfcheckFile = z.infer<typeof Selfcheck>

export async function selfcheck(runDirectory: string): Promise<SelfcheckFile> {
  return withCase(runDirectory, async (kase) => {
    const file = await selfcheckCase(kase)
    await writeFile(kase.records.folder.selfcheck, `${canonicalJson(file)}\n`)
    return file
  })
}

/** `rename` classes the operations again; another one stands for a checker that fails. */
export async function selfcheckCase(kase: Case, rename: (db: Database) => Promise<void> = nameOperations): Promise<SelfcheckFile> {
  const { db, plan } = kase
  const chosen = await chooseCanaries(kase)
  const base = { v: 1 as const, runId: plan.runId }
  if (chosen.length === 0) return { ...base, status: 'inconclusive', canaries: [], surplus: 0, note: 'no confirmed record to make a canary of: the checker was not proved on this run' }
  const before = await namedNow(db)
  await lay(db, chosen)
  await rename(db)
  const after = await namedNow(db)
  const canaries = chosen.map((canary) => {
    const namedAs = after.get(canary.operation)?.find((name) => name.startsWith(`${canary.expectedClass} `) && name.endsWith(` ${canary.system}`)) ?? null
    const { id, mutation, system, op, expectedClass } = canary
    return { id, mutation, system, op, expectedClass, named: namedAs !== null, namedAs: namedAs?.split(' ')[0] ?? after.get(canary.operation)?.[0]?.split(' ')[0] ?? null }
  })
  const surplus = surplusOf(before, after, chosen)
  const blind = canaries.filter((canary) => !canary.named)
  const note = blind.length === 0 && surplus === 0 ? `${canaries.length} canaries, each named, nothing else`
    : `${blind.length} of ${canaries.length} canaries not named${blind.length > 0 ? ` (${blind.map((canary) => canary.id).join(', ')})` : ''}; ${surplus} operations named beside them`
  return Selfcheck.parse({ ...base, status: blind.length === 0 && surplus === 0 ? 'pass' : 'inconclusive', canaries, surplus, note })
}

type Named = Map<number, string[]>

/** Operation → its names, each `class system`. */
async function namedNow(db: Database): Promise<Named> {
  const named: Named = new Map()
  for (const row of await db.rows<{ id: number; class: string; system: string }>(`SELECT DISTINCT n.id, n.class, coalesce(y.name, '') AS system FROM named n LEFT JOIN systems y ON y.file = n.file ORDER BY 1, 2, 3`)) {
    named.set(row.id, [...named.get(row.id) ?? [], `${row.class} ${row.system}`])
  }
  return named
}

/** Operations whose names changed, in either direction, and that are no canary; and canaries with a second name. */
function surplusOf(before: Named, after: Named, chosen: readonly ChosenCanary[]): number {
  const canaries = new Set(chosen.map((canary) => canary.operation))
  let surplus = 0
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const names = (after.get(id) ?? []).join()
    if (canaries.has(id) ? (after.get(id) ?? []).length > 1 : names !== (before.get(id) ?? []).join()) surplus += 1
  }
  return surplus
}

async function lay(db: Database, chosen: readonly ChosenCanary[]): Promise<void> {
  for (const canary of chosen) {
    const copy = (changes: string) => `INSERT INTO overlay_added SELECT * ${changes} FROM evidence WHERE rowid = ${canary.row}`
    if (canary.mutation !== 'double') await db.run(`INSERT INTO overlay_removed VALUES (${canary.row})`)
    if (canary.mutation === 'double') await db.run(copy(''))
    if (canary.mutation === 'misroute') await db.run(copy(`REPLACE (${canary.toFile} AS file)`))
    if (canary.mutation === 'stale') await db.run(copy(`REPLACE ('${canary.status}' AS status)`))
    if (canary.mutation === 'alter') {
      await db.run(copy(`REPLACE (hash(name) AS name)`))
      await db.run(`INSERT INTO overlay_texts VALUES (${canary.operation}, ${canary.file}, 'altered by the selfcheck')`)
    }
  }
  await laidOver(db)
}
