export type FoundK6 = { path: string; version: string; source: 'K6_BIN' | 'PATH' | 'cache' }
export const K6_VERSION: string
export const K6_MINIMUM: readonly [number, number]
export const k6CacheDirectory: string
export function k6Version(path: string): number[] | undefined
export function isRecentEnough(version: readonly number[]): boolean
export function findK6(env?: NodeJS.ProcessEnv, cacheDirectory?: string): FoundK6 | undefined
