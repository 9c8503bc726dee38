/** The day in Hanoi as codes carry it: `260410`. In: epoch ms. */
export function hanoiDay(epochMs: number): string { return new Date(epochMs + 7 * 3_600_000).toISOString().slice(2, 10).replaceAll('-', '') }
