/**
 * Draws a running rehearsal: on a terminal one status line that is drawn over (step, rate, errors, time left) under the lines of what happened;
 * elsewhere plain lines, one for each event and a status line every ten seconds. Drawing only: what happens is told by `say` and `status`.
 */
import type { Language } from '../../contracts/text.ts'
import type { World } from '../world.ts'

export type Status = { scenarioTime: string; step: string; ratePerSecond: number; errorRate: number; operations: number; leftMs: number }

export type Progress = { say: (line: string) => void; status: (status: Status) => void; done: () => void }

const PLAIN_STATUS_EVERY_MS = 10_000
const WORDS = {
  vi: { rate: 'thao tác/s', errors: 'lỗi', left: 'còn', operations: 'thao tác' },
  en: { rate: 'ops/s', errors: 'errors', left: 'left', operations: 'operations' },
} as const

export function createProgress(world: World, language: Language): Progress {
  const terminal = world.stderr.isTTY === true
  const words = WORDS[language]
  let drawn = false
  let lastPlainAt = -Infinity
  const clear = () => { if (drawn) world.stderr.write('\r\u001b[2K'); drawn = false }
  const line = (status: Status) => `${status.scenarioTime}  ${status.step}  ${status.ratePerSecond.toFixed(0)} ${words.rate}  `
    + `${(status.errorRate * 100).toFixed(1)} % ${words.errors}  ${status.operations} ${words.operations}  ${words.left} ${clockText(status.leftMs)}`
  return {
    say(text) { clear(); world.stderr.write(`${text}\n`) },
    status(status) {
      if (terminal) {
        clear()
        world.stderr.write(line(status).slice(0, (world.stderr.columns ?? 120) - 1))
        drawn = true
      } else if (world.nowMs() - lastPlainAt >= PLAIN_STATUS_EVERY_MS) {
        lastPlainAt = world.nowMs()
        world.stderr.write(`${line(status)}\n`)
      }
    },
    done: clear,
  }
}

/** `2:05` */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
