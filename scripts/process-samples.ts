/** What `evidence/processes.ndjson` of a run says of its processes: CPU ms over the run, memory over time. The machine as a whole is no process. */
import { readFileSync } from 'node:fs'

type Sample = { process: string; cpuMs: number; rssBytes: number | null; atMs: number }

const WHOLE_MACHINE = 'machine'

export function cpuOf(file: string): Record<string, number> {
  const spans = new Map<string, { first: number; last: number }>()
  for (const { process, cpuMs } of samplesOf(file)) {
    const span = spans.get(process)
    if (span) span.last = cpuMs
    else spans.set(process, { first: cpuMs, last: cpuMs })
  }
  return Object.fromEntries([...spans].map(([name, { first, last }]) => [name, Math.round(last - first)]))
}

/** Resident bytes in every sample of the processes whose name begins so, and how long after the first sample, ms. */
export function memoryOf(file: string, prefix: string): { atMs: number; rssBytes: number }[] {
  const samples = samplesOf(file).filter(({ process, rssBytes }) => process.startsWith(prefix) && rssBytes !== null)
  return samples.map(({ atMs, rssBytes }) => ({ atMs: atMs - samples[0]!.atMs, rssBytes: rssBytes! }))
}

function samplesOf(file: string): Sample[] {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line.includes('"sample/'))
    .map((line) => JSON.parse(line) as { fields: Omit<Sample, 'atMs'>; seenAt: number }).map(({ fields, seenAt }) => ({ ...fields, atMs: seenAt })).filter(({ process }) => process !== WHOLE_MACHINE)
}
