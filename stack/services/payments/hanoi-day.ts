/** `260410`, in Hanoi: the day in the codes of transactions and the numbers of receipts. */
export function hanoiDay(epochMs: number): string { return new Date(epochMs + 7 * 3_600_000).toISOString().slice(2, 10).replaceAll('-', '') }
