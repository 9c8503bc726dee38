/**
 * The old portal's own nightly batch, which goes on after the freeze: settles some begun payments and moves some dossiers in progress on, about 30 scenario
 * minutes long. What the delta copy is for. Which rows is a pure function of the data and the seed; rows of the load's own operations are left alone.
 * It runs once, ends by itself; `pending` counts what is left of it. A row that cannot be written is tried again.
 */
import type pg from 'pg'
import { LEGACY_STATUS_NUMBERS } from '../../../contracts/api/front.ts'
import { scenarioToWallMs } from '../../../contracts/scenario-clock.ts'
import type { ScenarioClockHolder } from '../scenario-clock-holder.ts'
import { NIGHTLY_SCENARIO_MS, NIGHTLY_SHARE } from './data-shares.ts'
import { MOVE } from './dossiers.ts'
import { SETTLE } from './payments.ts'

type Item = { kind: 'payment' | 'dossier'; code: string; status: number }

export type NightlyBatch = { begin: () => Promise<void>; pending: () => number; close: () => Promise<void> }

const TICK_MS = 50
const { 'newly-registered': NEW, received: RECEIVED, 'in-process': IN_PROCESS, 'supplement-asked': SUPPLEMENT, done: DONE } = LEGACY_STATUS_NUMBERS
const NEXT: Readonly<Record<number, number>> = { [NEW]: RECEIVED, [RECEIVED]: IN_PROCESS, [IN_PROCESS]: DONE, [SUPPLEMENT]: IN_PROCESS }

/** In the order of a hash of seed and code: the same rows whenever it is asked. */
const DUE = `(select 'payment' as kind, t.ma_giaodich as code, 1 as status from thanhtoan t join hoso h using (ma_hoso) where t.trangthai = 0 and h.ma_thamchieu is null
    order by md5($1 || t.ma_giaodich), 2 limit $2)
  union all
  (select 'dossier', ma_hoso, trangthai from hoso where trangthai = any($3) and ma_thamchieu is null order by md5($1 || ma_hoso), 2 limit $2)`

export function createNightlyBatch({ pool, clock, seed, share = NIGHTLY_SHARE }: { pool: pg.Pool; clock: ScenarioClockHolder; seed: number; share?: number }): NightlyBatch {
  let items: Item[] | undefined
  let done = 0
  let wallMs = 0
  let beganAt = 0
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()
  const ending = new AbortController()

  /** By the wall clock, since the scenario clock may be set anew in the middle. */
  async function work(): Promise<void> {
    const due = Math.min(items!.length, Math.ceil(items!.length * (Date.now() - beganAt) / wallMs))
    while (!ending.signal.aborted && done < due) {
      const item = items![done]!
      if (item.kind === 'payment') await pool.query({ name: 'nightly-settle', text: SETTLE, values: [item.code, new Date(clock.now())] })
      else await pool.query({ name: 'nightly-move', text: MOVE, values: [item.code, NEXT[item.status]] })
      done += 1
    }
  }

  function tick(): void {
    working = work().catch((error: Error) => { process.stderr.write(`legacy: the nightly batch stopped at ${items![done]!.code} and goes on: ${error.message}\n`) }).then(() => {
      if (!ending.signal.aborted && done < items!.length) timer = setTimeout(tick, TICK_MS)
    })
  }

  return {
    /** Comes back when it is known what is to be done. */
    async begin() {
      if (items) return
      items = []
      const { rows: [counted] } = await pool.query<{ dossiers: number }>('select count(*) as dossiers from hoso')
      const half = Math.ceil(counted!.dossiers * share / 2)
      const { rows } = await pool.query<Item>(DUE, [String(seed), half, Object.keys(NEXT).map(Number)])
      items = interleaved(rows)
      wallMs = scenarioToWallMs(NIGHTLY_SCENARIO_MS, clock.timeScale())
      beganAt = Date.now()
      timer = setTimeout(tick, TICK_MS)
    },
    pending: () => (items?.length ?? 0) - done,
    async close() {
      ending.abort()
      clearTimeout(timer)
      await working
    },
  }
}

/** Payments and dossiers in turn. */
function interleaved(items: readonly Item[]): Item[] {
  const payments = items.filter((item) => item.kind === 'payment')
  const dossiers = items.filter((item) => item.kind === 'dossier')
  return Array.from({ length: Math.max(payments.length, dossiers.length) }, (_, index) => [payments[index], dossiers[index]]).flat().filter((item) => item !== undefined)
}
