/** An agent that is told something wrong ends with 1 and names what; before it touches anything. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { AgentPart } from './command.ts'

const directory = mkdtempSync(join(tmpdir(), 'agent-'))
afterAll(() => rmSync(directory, { recursive: true }))

test.each<{ part: AgentPart; config: string; says: RegExp }>([
  { part: 'edge', config: '{"id":"edge-new","upstream":"http://portal:8080","origins":{}}', says: /http:\/\/ADDRESS:PORT/ },
  { part: 'resolver', config: '{"id":"resolver-north","profile":"greedy","zone":"dvcqg.test","authority":{"host":"10.0.0.1"},"timeScale":1}', says: /profile/ },
  { part: 'authority', config: 'no JSON', says: /JSON/ },
])('$part: $config', ({ part, config, says }) => {
  const file = join(directory, `${part}.json`)
  writeFileSync(file, config)
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL(`../${part}/agent.ts`, import.meta.url)), file], { encoding: 'utf8' })
  expect(stderr).toMatch(says)
  expect(status).toBe(1)
})

test('without its file', () => {
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL('../resolver/agent.ts', import.meta.url)), join(directory, 'nowhere.json')], { encoding: 'utf8' })
  expect([status, stderr.includes('ENOENT')]).toEqual([1, true])
})
