/**
 * The writer of `journal.ndjson` (contracts/journal.ts): stamps every event with number, wall and scenario time, writes it through at once
 * (a killed run keeps what happened), tells the listener. The trailer comes with `close`.
 */
import { RecordWriter } from '../contracts/record-file.ts'
import type { JournalEntry, JournalEvent } from '../contracts/journal.ts'
import { scenarioMs, type NightClock } from './clock.ts'

export type Journal = { write(event: JournalEvent): JournalEntry }
export type JournalFile = Journal & { close(): void }

export function openJournal(options: { path: string; clock: NightClock; blot?: (text: string) => string; onEntry?: (entry: JournalEntry) => void }): JournalFile {
  const writer = new RecordWriter(options.path)
  const stamp = journalStamp(options.clock)
  return {
    write(event) {
      const entry = stamp(event)
      const line = JSON.stringify(entry)
      writer.writeLine(options.blot ? options.blot(line) : line)
      writer.flush()
      options.onEntry?.(entry)
      return entry
    },
    close() { writer.close(options.clock.nowMs()) },
  }
}

/** Numbers entries from 1. */
export function journalStamp(clock: NightClock): (event: JournalEvent) => JournalEntry {
  let seq = 0
  return (event) => ({ v: 1, seq: ++seq, at: Math.round(clock.nowMs()), scenarioAt: Math.round(scenarioMs(clock)), ...event }) as JournalEntry
}
