/** A program that is run here: its end is told, it can be signalled, and it does not outlive a harness that is killed. Real processes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { launchHere } from './launch-here.ts'

const program = (text: string) => ({ command: 'sh', arguments: ['-c', text], environment: { PATH: process.env['PATH'] }, directories: [] })
const lives = (pid: number) => { try { return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8')) } catch { return false } }

test('its code, its signal, what it said', async () => {
  const said = await launchHere(program('echo told >&2; exit 7'))
  let text = ''
  for await (const piece of said.stderr) text += String(piece)
  expect([await said.ended, text]).toEqual([{ exitCode: 7, signal: null }, 'told\n'])
  const killed = await launchHere(program('exec sleep 60'))
  killed.kill('SIGKILL')
  expect(await killed.ended).toEqual({ exitCode: null, signal: 'SIGKILL' })
  await expect(launchHere({ ...program(''), command: '/not/there' })).rejects.toThrow('ENOENT')
})

test('it ends with the harness that is killed, and only then', async () => {
  const module = JSON.stringify(new URL('./launch-here.ts', import.meta.url).href)
  const harness = spawn(process.execPath, ['--input-type=module', '-e', `
    const { launchHere } = await import(${module})
    const { pid } = await launchHere({ command: 'sleep', arguments: ['60'], environment: { PATH: process.env.PATH }, directories: [] })
    console.log(pid)
    setInterval(() => {}, 1000)`], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(harness.stdout!, 'data') as [Buffer]
  const pid = Number(line.toString())
  // Longer than it takes to die below.
  await new Promise((wait) => { setTimeout(wait, 300) })
  expect(lives(pid)).toBe(true)
  const killedAt = Date.now()
  harness.kill('SIGKILL')
  while (lives(pid) && Date.now() - killedAt < 5_000) await new Promise((look) => { setTimeout(look, 5) })
  expect(lives(pid)).toBe(false)
  expect(Date.now() - killedAt).toBeLessThan(2_000)
})
