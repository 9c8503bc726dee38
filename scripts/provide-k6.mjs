/**
 * Provides k6 where none is found: `go install` of the pinned version where Go ≥ 1.24 is there, then a copy out of the official image where
 * Docker answers. Writes to `.cache/k6/k6` by rename, so that an interrupted set-up leaves nothing half done. Fails with one error naming the four ways.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findK6, k6CacheDirectory, k6Version, K6_MINIMUM, K6_VERSION } from './find-k6.mjs'
import { runStep } from './run-step.mjs'

function goVersion(env) {
  try {
    const match = /go(\d+)\.(\d+)/.exec(execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] }))
    return match ? [Number(match[1]), Number(match[2])] : undefined
  } catch { return undefined }
}

function dockerAnswers(env) {
  try { execFileSync('docker', ['info'], { env, stdio: 'ignore', timeout: 10_000 }); return true } catch { return false }
}

async function byGo(env, directory) {
  const version = goVersion(env)
  if (!version) return 'Go is not there'
  if (version[0] < 1 || (version[0] === 1 && version[1] < 24)) return `Go ${version.join('.')} is older than 1.24`
  await runStep(`building k6 ${K6_VERSION} with go install (about 75 s on two cores, once)`, 'go', ['install', `go.k6.io/k6@v${K6_VERSION}`], { env: { ...env, GOBIN: directory } })
  return undefined
}

async function byDocker(env, directory) {
  if (!dockerAnswers(env)) return 'Docker does not answer'
  const image = `grafana/k6:${K6_VERSION}`
  await runStep(`fetching the image ${image}`, 'docker', ['pull', image], { env })
  const container = execFileSync('docker', ['create', image], { encoding: 'utf8', env }).trim()
  try { await runStep('copying k6 out of the image', 'docker', ['cp', `${container}:/usr/bin/k6`, join(directory, 'k6')], { env }) }
  finally { execFileSync('docker', ['rm', container], { env, stdio: 'ignore' }) }
  return undefined
}

export async function provideK6(env = process.env, cacheDirectory = k6CacheDirectory) {
  const found = findK6(env, cacheDirectory)
  if (found) return found
  mkdirSync(cacheDirectory, { recursive: true })
  const reasons = []
  for (const [name, provide] of [['go install', byGo], ['official image', byDocker]]) {
    const directory = mkdtempSync(join(cacheDirectory, 'incoming-'))
    try {
      const reason = await provide(env, directory)
      if (reason) { reasons.push(`${name}: ${reason}`); continue }
      const file = join(directory, 'k6')
      if (!k6Version(file)) { reasons.push(`${name}: what it gave does not run`); continue }
      chmodSync(file, 0o755)
      renameSync(file, join(cacheDirectory, 'k6'))
      return findK6(env, cacheDirectory)
    } catch (error) {
      reasons.push(`${name}: ${error.message}`)
    } finally { rmSync(directory, { recursive: true, force: true }) }
  }
  throw new Error(`K6_MISSING: no k6 ≥ ${K6_MINIMUM.join('.')} and no way to get one (${reasons.join('; ')}) · set-up · do one of four: (1) set K6_BIN to a k6 binary, (2) put k6 on the PATH, (3) install Go ≥ 1.24 so that it can be built, (4) start Docker so that it can be copied out of the official image`)
}
