/**
 * How a run is ended before its time. Ctrl-C: in order, what was done is undone, requests under way are played to their end. A second Ctrl-C, a file `STOP` in
 * the run folder, or the end of the target's hours: the kill switch; no request of the load leaves from that moment on, the undoing follows.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RunFolder } from '../../contracts/run-folder.ts'
import type { Language } from '../../contracts/text.ts'
import { permissionsOf } from '../../contracts/target.ts'
import { openUntil } from '../target/window.ts'
import type { World } from '../world.ts'
import type { Resolved } from './resolve.ts'

const STOP_FILE = 'STOP'
const LOOK_EVERY_MS = 100

const WORDS = {
  vi: { undoing: 'đang hoàn tác, xin chờ… (Ctrl-C lần nữa: cắt tải ngay)', killed: 'đã cắt toàn bộ tải' },
  en: { undoing: 'undoing, please wait… (Ctrl-C again: cut the load at once)', killed: 'all load is cut' },
} as const

export type Stopping = { signal: AbortSignal; kill: AbortSignal; close: () => void }

export function createStopping(world: World, { folder, language, say, closesAt }: { folder: RunFolder; language: Language; say: (line: string) => void; closesAt: number | null }): Stopping {
  const interruption = new AbortController()
  const kill = new AbortController()
  const words = WORDS[language]
  const cut = (why: string) => {
    if (kill.signal.aborted) return
    kill.abort(new Error(why))
    interruption.abort(new Error(why))
    say(`\n${why}: ${words.killed}; ${words.undoing.replace(/ \(.*/, '')}`)
  }
  const unsubscribe = world.onInterrupt((signal) => {
    if (interruption.signal.aborted) return cut(signal)
    say(`\n${signal}: ${words.undoing}`)
    interruption.abort(new Error(signal))
  })
  const stopFile = join(folder.directory, STOP_FILE)
  const look = setInterval(() => {
    if (existsSync(stopFile)) cut(STOP_FILE)
    else if (closesAt !== null && world.nowMs() >= closesAt) cut('TARGET_WINDOW_CLOSED')
  }, LOOK_EVERY_MS)
  look.unref()
  return { signal: interruption.signal, kill: kill.signal, close: () => { clearInterval(look); unsubscribe() } }
}

/** When the hours end in which the target may be loaded; null where it has none. */
export function closingTime(world: Pick<World, 'nowMs'>, { foreign }: Pick<Resolved, 'foreign'>): number | null {
  const window = foreign && permissionsOf(foreign.value).window
  return window ? openUntil(window, world.nowMs()) : null
}
