/** What k6 costs to play a plan: its user and system time from its readiness to its end, without its start-up. */
import { readFileSync } from 'node:fs'
import type { Plan } from '../../contracts/plan.ts'
import type { K6End, K6Start } from '../run-k6.ts'
import { setStage } from './play.ts'

const TICK_MS = 10
const READ_EVERY_MS = 50

export async function measureK6(plan: Plan, changes: Partial<K6Start>): Promise<{ cpuMs: number; end: K6End }> {
  const stage = await setStage(plan, changes)
  const read = () => {
    const [user, system] = readFileSync(`/proc/${stage.run.pid}/stat`, 'utf8').split(') ')[1]!.split(' ').slice(11, 13)
    return (Number(user) + Number(system)) * TICK_MS
  }
  try {
    await stage.run.started
    const before = read()
    let after = before
    const timer = setInterval(() => { try { after = read() } catch { clearInterval(timer) } }, READ_EVERY_MS)
    const end = await stage.run.finished
    clearInterval(timer)
    if (end.exitCode !== 0) throw new Error(`k6 ended with ${end.exitCode}: nothing was measured${end.stderrTail && `: ${end.stderrTail}`}`)
    return { cpuMs: after - before, end }
  } finally { await stage.remove() }
}
