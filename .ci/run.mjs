/**
 * CI: sets up, checks types, lint and drift, then runs the README's test command with the closing line `N passed, N failed`. Exit code of the first
 * thing that failed. Works on Node ≥ 20 without packages.
 */
import { spawnSync } from 'node:child_process'

const env = { ...process.env, CI: 'true' }
for (const args of [['run', 'check'], ['test']]) {
  const { status } = spawnSync('npm', args, { stdio: ['ignore', 'inherit', 'inherit'], env })
  if (status !== 0) process.exit(status ?? 1)
}
