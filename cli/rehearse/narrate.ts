/** Tells a running rehearsal in the operator's language: phases, steps, gates, undo; and feeds the status line. */
import { EXIT } from '../../contracts/error.ts'
import type { Plan } from '../../contracts/plan.ts'
import { isoHanoi } from '../../contracts/scenario-clock.ts'
import type { Language } from '../../contracts/text.ts'
import type { NightEvent } from '../../cutover/engine/run-night.ts'
import type { LiveHistory } from '../../cutover/live-history.ts'
import { OPERATION_KINDS } from '../../contracts/kinds.ts'
import type { World } from '../world.ts'
import type { NightHooks } from './night.ts'
import { createProgress } from './progress.ts'
import type { TargetKind } from './resolve.ts'

const STATUS_EVERY_MS = 500
const RATE_WINDOW_MS = 5_000

const WORDS = {
  vi: {
    phase: { stack: 'khởi động hệ thống tham chiếu và đối tác mô phỏng', baseline: 'đọc trạng thái ban đầu, khởi động k6', load: 'bắt đầu đêm diễn tập', loadAlone: 'bắt đầu tải', after: 'chờ tải kết thúc, các hàng đợi được xả hết', reading: 'đọc trạng thái cuối của mọi hệ thống', stopping: 'dừng mọi tiến trình' },
    preparing: {
      image: (name: string) => `dựng ảnh "${name}" (một lần)`, leftover: (name: string) => `dọn những gì lần chạy bị ngắt ${name} để lại`, stuck: (name: string) => `chưa dọn được, nhưng không ảnh hưởng đến ai: ${name}`,
    },
    up: (name: string, ms: number) => `${name} đã chạy (${(ms / 1_000).toFixed(1)} s)`,
    done: 'xong', notDone: 'CHƯA ĐẠT', error: 'LỖI', go: 'ĐI TIẾP', noGo: 'DỪNG', undo: 'hoàn tác', simulated: 'Mô phỏng', breach: 'vượt ngưỡng',
  },
  en: {
    phase: { stack: 'starting the reference stack and the simulated partners', baseline: 'reading the baseline, starting k6', load: 'the night begins', loadAlone: 'the load begins', after: 'waiting for the load to end and the queues to drain', reading: 'reading the final state of every system', stopping: 'stopping every process' },
    preparing: {
      image: (name: string) => `building the image "${name}" (once)`, leftover: (name: string) => `clearing away what the killed run ${name} had left`, stuck: (name: string) => `could not be cleared away, and is in nobody's way: ${name}`,
    },
    up: (name: string, ms: number) => `${name} is up (${(ms / 1_000).toFixed(1)} s)`,
    done: 'done', notDone: 'NOT DONE', error: 'ERROR', go: 'GO', noGo: 'NO-GO', undo: 'undo', simulated: 'simulated', breach: 'breach',
  },
} as const

export type Narrator = { hooks: NightHooks; say: (line: string) => void; stop: () => void }

export function createNarrator(world: World, language: Language, { cutover, targetKind }: { cutover: boolean; targetKind: TargetKind } = { cutover: true, targetKind: 'embedded' }): Narrator {
  const progress = createProgress(world, language)
  const words = WORDS[language]
  let plan: Plan | undefined
  let live: LiveHistory | undefined
  let step = ''
  let startedAt: number | undefined
  let timer: NodeJS.Timeout | undefined

  const showStatus = () => {
    if (!plan || !live || startedAt === undefined) return
    const now = world.nowMs()
    const { ok, fail, info } = live.counts({ kinds: OPERATION_KINDS, since: now - RATE_WINDOW_MS })
    const total = ok + fail + info
    progress.status({
      scenarioTime: isoHanoi(plan.scenarioStartMs + (now - startedAt) * plan.timeScale).slice(11, 16), step,
      ratePerSecond: total / (RATE_WINDOW_MS / 1000), errorRate: total > 0 ? (fail + info) / total : 0, operations: live.lines,
      leftMs: startedAt + plan.durationMs - now,
    })
  }
  const stop = () => { clearInterval(timer); progress.done() }
  return {
    say: progress.say,
    stop,
    hooks: {
      onPlan(made) { plan = made; progress.say(`${made.runId}  plan ${made.planHash.slice(0, 12)}  seed ${made.seed}  ×${made.timeScale}`) },
      onStack(event) {
        if (event.kind === 'child-exit') progress.say(`${event.name}: ${words.error}: ${event.stderrTail.slice(-300)}`)
        else if (event.kind === 'preparing') progress.say(`  ${words.preparing[event.what](event.name)}`)
        else if (event.kind === 'started' && targetKind === 'containers') progress.say(`  ${words.up(event.name, event.wallMs)}`)
      },
      onLive(history) { live = history; startedAt = world.nowMs(); timer = setInterval(showStatus, STATUS_EVERY_MS) },
      onPhase(phase) { if (phase === 'stopping') stop(); progress.say(`· ${words.phase[phase === 'load' && !cutover ? 'loadAlone' : phase]}`) },
      onEvent(event) {
        const line = lineOf(event, language)
        if (event.kind === 'step' && event.event === 'begin') step = event.title[language]
        if (line) progress.say(line)
      },
    },
  }
}

function lineOf(event: NightEvent, language: Language): string | undefined {
  const words = WORDS[language]
  if (!('scenarioAt' in event)) return undefined
  const time = isoHanoi(event.scenarioAt).slice(11, 16)
  const open = 'conditions' in event && event.conditions ? event.conditions.filter((condition) => condition.held !== true).map((condition) => `${condition.condition} (${condition.observed ?? '?'})`).join('; ') : ''
  switch (event.kind) {
    case 'step':
      if (event.event === 'begin') return `${time}  ▸ ${event.title[language]}`
      return `${time}    ${event.event === 'done' ? words.done : event.event === 'not-done' ? `${words.notDone}: ${open || event.note}` : `${words.error}: ${event.note}`}${event.event === 'done' && event.facts ? `  ${Object.entries(event.facts).map(([key, value]) => `${key}=${value}`).join(' ')}` : ''}`
    case 'gate':
      if (event.event === 'asked') return `${time}  ◆ ${event.title[language]}`
      return `${time}    ${event.event === 'go' ? words.go : `${words.noGo}: ${open}`} (${event.approver}, ${words[event.approval === 'simulated' ? 'simulated' : 'go']})`
    case 'undo': return `${time}  ↶ ${words.undo} ${event.id}: ${event.event}`
    case 'watch': return event.event === 'breach' ? `${time}  ! ${words.breach}: ${event.condition} (${event.observed ?? '?'})` : undefined
    default: return undefined
  }
}

export const OUTCOME_WORDS = {
  vi: { [EXIT.pass]: 'ĐẠT', [EXIT.fail]: 'KHÔNG ĐẠT', [EXIT.inconclusive]: 'CHƯA KẾT LUẬN ĐƯỢC', [EXIT.interrupted]: 'BỊ NGẮT' },
  en: { [EXIT.pass]: 'PASS', [EXIT.fail]: 'FAIL', [EXIT.inconclusive]: 'INCONCLUSIVE', [EXIT.interrupted]: 'INTERRUPTED' },
} as const
