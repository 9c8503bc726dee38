/**
 * TTLs in containers are real seconds, since neither Unbound nor Knot knows a scenario clock: a nominal TTL (scenario seconds) goes out as 1 to 5 s,
 * the nearest that the time scale allows. Spans that only stretch a cache are cut instead of rounded, so that none outlasts what it stands for.
 */
export const WIRE_TTL_S = { least: 1, most: 5 } as const

const clamp = (seconds: number) => Math.min(WIRE_TTL_S.most, Math.max(WIRE_TTL_S.least, seconds))

export function wireTtlS(nominalS: number, timeScale: number): number { return clamp(Math.round(nominalS / timeScale)) }
export function wireFloorS(nominalS: number, timeScale: number): number { return nominalS === 0 ? 0 : clamp(Math.floor(nominalS / timeScale)) }
