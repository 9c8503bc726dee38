/** What a service obeyed is obeyed again by the next process with the same file, before it listens; what it did not is not. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Control } from '../../contracts/api/admin.ts'
import { keepSettings } from './kept-settings.ts'

const directory = mkdtempSync(join(tmpdir(), 'settings-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function service(file: string | undefined) {
  const obeyed: Control[] = []
  return { obeyed, ...keepSettings(file, async (control) => { if (control.action === 'publish') return undefined; obeyed.push(control); return {} }) }
}
const clock: Control = { action: 'clock', startedAtMs: 1, timeScale: 2, scenarioStartMs: 3 }

it('the last of each kind, over two restarts', async () => {
  const file = join(directory, 'kept.json')
  const first = service(file)
  await first.recall()
  await Promise.all([first.steer(clock), first.steer({ action: 'mode', mode: 'closed' }), first.steer({ action: 'mode', mode: 'open' }), first.steer({ action: 'publish' })])
  const second = service(file)
  await second.recall()
  expect(second.obeyed).toEqual([clock, { action: 'mode', mode: 'open' }])
  await second.steer({ action: 'mode', mode: 'frozen' })
  const third = service(file)
  await third.recall()
  expect(third.obeyed).toEqual([clock, { action: 'mode', mode: 'frozen' }])
})

it('nothing without a file', async () => {
  const first = service(undefined)
  await first.steer(clock)
  const second = service(undefined)
  await second.recall()
  expect(second.obeyed).toEqual([])
})
