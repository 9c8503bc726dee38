/** Runs one long step of the set-up with its progress: a line at the start, one every ten seconds with the seconds so far, one at the end. Throws with the last lines of output where it fails. */
import { spawn } from 'node:child_process'

const TAIL_LINES = 12

export async function runStep(title, command, args, options = {}) {
  const startedAt = Date.now()
  const seconds = () => Math.round((Date.now() - startedAt) / 1000)
  process.stderr.write(`set-up: ${title}\n`)
  const tick = setInterval(() => process.stderr.write(`set-up: … ${seconds()} s\n`), 10_000)
  let tail = []
  try {
    await new Promise((resolve, reject) => {
      const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
      const keep = (bytes) => { tail = [...tail, ...String(bytes).split('\n').filter(Boolean)].slice(-TAIL_LINES) }
      child.stdout.on('data', keep)
      child.stderr.on('data', keep)
      child.on('error', reject)
      child.on('exit', (code, signal) => code === 0 ? resolve(undefined)
        : reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}\n${tail.join('\n')}`)))
    })
  } finally { clearInterval(tick) }
  process.stderr.write(`set-up: done in ${seconds()} s\n`)
}
