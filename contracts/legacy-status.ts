/** Status numbers of the old portal (its own): for the mapping file, the old portal, and clients that normalise what they read there. */
export const LEGACY_STATUS_NUMBERS = { 'newly-registered': 1, 'received': 2, 'not-received': 3, 'in-process': 4, 'supplement-asked': 5, 'financial-obligation': 6, 'withdrawn': 7, 'stopped': 8, 'done': 9, 'result-returned': 10 } as const
