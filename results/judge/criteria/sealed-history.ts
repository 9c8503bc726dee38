/**
 * Validity: every history is the one that the load generator left. Its hash was taken when k6 had ended and stands in the generator's own record; a
 * history that was edited afterwards and given a trailer that fits again has another one.
 */
import { open, stat } from 'node:fs/promises'
import { Trailer } from '../../../contracts/record-file.ts'
import type { Case } from '../case.ts'
import { literal } from '../database.ts'
import { readJson } from '../load-records.ts'
import { type CriterionRule, listed, validity } from './criterion.ts'

/** A trailer is about 130 bytes. */
const TAIL_BYTES = 512

export const sealedHistory: CriterionRule = {
  id: 'valid.history-sealed',
  async check(kase) {
    const { plan, records, states } = kase
    const wrong: string[] = []
    for (const worker of plan.workers) {
      const history = records.files.find((file) => file.kind === 'history' && file.system === worker)
      // One that is not whole is named by the check of the record files.
      if (!history || !states.get(history.name)?.whole) { wrong.push(`${worker}: its history is not whole`); continue }
      const sealed = await sealedHash(kase, worker)
      if (sealed === null) wrong.push(`${worker}: no hash was taken when its k6 ended`)
      else if (sealed !== await hashOf(history.path)) wrong.push(`${worker}: its history is another than the one its k6 left`)
    }
    const held = wrong.length === 0 && plan.workers.length > 0
    return [validity('history-sealed', held, 'every history is the one that its k6 left', held ? 'every one is' : listed(wrong), plan.workers.map((worker) => ({ file: `history/${worker}.ndjson`, lines: [] })))]
  },
}

async function sealedHash({ db, records, states }: Case, worker: string): Promise<string | null> {
  const file = records.files.find((candidate) => candidate.kind === 'load' && candidate.system === `load-${worker}`)
  if (!file || !states.get(file.name)?.whole) return null
  const [row] = await db.rows<{ sha256: string | null }>(`SELECT fields.sha256 AS sha256 FROM ${readJson(file.path, `{key: 'VARCHAR', fields: 'STRUCT(sha256 VARCHAR)'}`)} WHERE key = ${literal('history/sealed')}`)
  return row?.sha256 ?? null
}

/** By its trailer, which was found to fit the content. */
async function hashOf(path: string): Promise<string | null> {
  const { size } = await stat(path)
  await using file = await open(path)
  const length = Math.min(size, TAIL_BYTES)
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
  try { return Trailer.parse(JSON.parse(buffer.toString('utf8').trimEnd().split('\n').at(-1)!)).trailer.sha256 } catch { return null }
}
