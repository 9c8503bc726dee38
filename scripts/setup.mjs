/**
 * Makes a fresh clone ready, before `npm run rehearse`, `npm test`, `npm run check`, `npm run bench`: installs the packages when they are
 * missing or stale, provides k6. Without dependencies, on Node ≥ 20. Says nothing where nothing is to be done.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { provideK6 } from './provide-k6.mjs'
import { runStep } from './run-step.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(root, 'node_modules', '.installed-for')

function wanted() {
  return createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).update(`${process.platform}/${process.arch}`).digest('hex')
}

async function installPackages() {
  const key = wanted()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return
  // Not with the Node out of node_modules: npm ci would take it away from under itself.
  const path = (process.env.PATH ?? '').split(delimiter).filter((directory) => !directory.includes('node_modules')).join(delimiter)
  const env = { ...process.env, PATH: path, npm_config_loglevel: 'error' }
  await runStep('installing the packages (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, env })
  writeFileSync(stamp, key)
}

/** One set-up at a time in a checkout; a lock whose owner is gone is taken over. */
async function withLock(work) {
  const lock = join(root, '.cache', 'setup.lock')
  mkdirSync(join(root, '.cache'), { recursive: true })
  const deadline = Date.now() + 15 * 60_000
  for (;;) {
    try { writeFileSync(lock, String(process.pid), { flag: 'wx' }); break } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (!isAlive(lock)) { rmSync(lock, { force: true }); continue }
      if (Date.now() > deadline) throw new Error(`SETUP_LOCKED: another set-up holds ${lock} for 15 minutes · .cache/setup.lock · end it, or remove the file`)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
  try { return await work() } finally { rmSync(lock, { force: true }) }
}

function isAlive(lock) {
  try { process.kill(Number(readFileSync(lock, 'utf8')), 0); return true } catch (error) { return error.code === 'EPERM' }
}

try {
  await withLock(async () => {
    await installPackages()
    await provideK6()
  })
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 255
}
