/** Regions of citizens, each with its own caching resolver and gateway. Three is the least that shows an uneven switch; profiles of the resolvers are assumed. */
import type { Text } from '../text.ts'

export type Region = { id: string; title: Text; resolverProfile: 'honest' | 'ttl-floor' | 'serve-stale' }

export const REGIONS: readonly Region[] = [
  { id: 'north', title: { vi: 'Miền Bắc', en: 'North' }, resolverProfile: 'honest' },
  { id: 'central', title: { vi: 'Miền Trung', en: 'Central' }, resolverProfile: 'ttl-floor' },
  { id: 'south', title: { vi: 'Miền Nam', en: 'South' }, resolverProfile: 'serve-stale' },
]
