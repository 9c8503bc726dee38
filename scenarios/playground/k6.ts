/** The k6 that tests use: `K6_BIN`, else the project's cache. Undefined: those tests are skipped, saying why. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const CACHED = fileURLToPath(new URL('../../.cache/k6/k6', import.meta.url))

export const k6Path: string | undefined = process.env['K6_BIN'] ?? (existsSync(CACHED) ? CACHED : undefined)
export const WHY_SKIPPED = 'no k6: set K6_BIN, or run `node scripts/setup.mjs`, which provides .cache/k6/k6'
