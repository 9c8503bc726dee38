/**
 * The product's own load profiles, cut short for tests: the same mix, flows and shape, in about a minute of the wall clock. At ×60 a minute of the profile is a second, and what
 * is waited for before the final reads is half of that at ×30; rates are those of the wall clock whatever the scale. In: where the file goes, what is asked of the run. Out: its path.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { ProfileInput } from '../../contracts/profile.ts'

type LoadProfile = ProfileInput & { volume: NonNullable<ProfileInput['volume']> }

function shortened(directory: string, name: string, changes: Omit<Partial<ProfileInput>, 'volume'> & { name: string; volume: Partial<LoadProfile['volume']> }): string {
  const profile = parse(readFileSync(new URL(`../../scenarios/profiles/${name}.yaml`, import.meta.url), 'utf8')) as LoadProfile
  const file = join(directory, `${changes.name}.yaml`)
  writeFileSync(file, stringify({ ...profile, timeScale: 60, limits: { minSamples: 2, judgeHeadroom: false }, ...changes, volume: { ...profile.volume, ...changes.volume } }))
  return file
}

/** A peak of 15 s at `times` the national rate; the last step of its dossiers comes 24 s later. */
export const shortPeak = (directory: string, { name = 'short-peak', times = 0.5, criteria }: { name?: string; times?: number; criteria: string[] }) => shortened(directory, 'peak-hour', {
  name, criteria, window: { start: '08:50', end: '09:51' }, phases: [{ name: 'peak', from: '09:00', to: '09:15' }],
  volume: { curve: [{ at: '08:56', times: 0.2 }, { at: '09:00', times }, { at: '09:15', times }] },
})

/** A jump to ten times within 4 s, as in the whole surge, held for 16 s. A tenth of its load, so that a small limit is an overload. */
export const shortSurge = (directory: string, criteria: string[]) => shortened(directory, 'surge', {
  name: 'short-surge', criteria, window: { start: '08:49', end: '10:07' },
  phases: [{ name: 'before', from: '08:55', to: '09:05' }, { name: 'surge', from: '09:05', to: '09:25' }, { name: 'afterwards', from: '09:25', to: '09:39' }],
  volume: { multiplier: 0.1, curve: [{ at: '08:55', times: 1 }, { at: '09:05', times: 1 }, { at: '09:09', times: 10 }, { at: '09:25', times: 10 }, { at: '09:25', times: 1 }, { at: '09:39', times: 1 }] },
})
