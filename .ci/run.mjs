/**
 * CI: sets up, brings Docker up where the machine has a way for that, checks types, lint and drift, then runs the README's test command with the closing line
 * `N passed, N failed`. Exit code of the first thing that failed. Works on Node ≥ 20 without packages.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const env = { ...process.env, CI: 'true' }

// Without an engine the container tests are skipped, each with the reason.
const up = fileURLToPath(new URL('../../shared/docker/up', import.meta.url))
if (existsSync(up)) {
  const { status, error } = spawnSync(up, [], { stdio: ['ignore', 'inherit', 'inherit'], env, timeout: 10 * 60_000 })
  if (status !== 0) console.error(`no Docker: ${up} ended with ${error?.message ?? status}; going on without it`)
}

for (const args of [['run', 'check'], ['test']]) {
  const { status } = spawnSync('npm', args, { stdio: ['ignore', 'inherit', 'inherit'], env })
  if (status !== 0) process.exit(status ?? 1)
}
