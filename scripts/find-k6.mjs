/**
 * Finds a k6 that can be used, without dependencies: `K6_BIN`, a k6 ≥ 1.8 on the PATH, the project's own cache (`.cache/k6/k6`), in this
 * order. Out: `{path, version, source}` or undefined. A `K6_BIN` that does not work is an error of its own, never passed over in silence.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const K6_VERSION = '1.8.1'
export const K6_MINIMUM = [1, 8]
export const k6CacheDirectory = fileURLToPath(new URL('../.cache/k6/', import.meta.url))
const executable = process.platform === 'win32' ? 'k6.exe' : 'k6'

/** `[1, 8, 1]`, or undefined where the file is no k6 or does not run. */
export function k6Version(path) {
  try {
    const text = execFileSync(path, ['version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 })
    const match = /v(\d+)\.(\d+)\.(\d+)/.exec(text)
    return match ? match.slice(1).map(Number) : undefined
  } catch { return undefined }
}

export function isRecentEnough(version) {
  return version[0] > K6_MINIMUM[0] || (version[0] === K6_MINIMUM[0] && version[1] >= K6_MINIMUM[1])
}

export function findK6(env = process.env, cacheDirectory = k6CacheDirectory) {
  if (env.K6_BIN) {
    const version = k6Version(env.K6_BIN)
    if (!version || !isRecentEnough(version)) {
      const state = version ? `is version ${version.join('.')}` : 'does not run as k6'
      throw new Error(`K6_BIN_UNUSABLE: "${env.K6_BIN}" ${state} · environment variable K6_BIN · point it to a k6 ≥ ${K6_MINIMUM.join('.')}, or unset it`)
    }
    return { path: env.K6_BIN, version: version.join('.'), source: 'K6_BIN' }
  }
  const onPath = (env.PATH ?? '').split(delimiter).filter(Boolean).map((directory) => join(directory, executable))
  for (const [path, source] of [...onPath.map((candidate) => [candidate, 'PATH']), [join(cacheDirectory, executable), 'cache']]) {
    if (!existsSync(path)) continue
    const version = k6Version(path)
    if (version && isRecentEnough(version)) return { path, version: version.join('.'), source }
  }
  return undefined
}
