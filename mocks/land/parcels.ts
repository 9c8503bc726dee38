/** Invented parcels: a pure function of unit, map sheet and number (use, area, price per m²); sheets and numbers above the last do not exist. */
import type { Parcel } from '../../contracts/partner-api/roles/land.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { draw } from '../behaviour/draw.ts'

const LAST_SHEET = 200
const LAST_PARCEL = 2_000
const USES = ['đất ở', 'đất trồng cây lâu năm', 'đất trồng lúa', 'đất thương mại, dịch vụ'] as const
const PROVINCES = new Set(PARTNERS.filter(({ kind }) => kind === 'province').map(({ unitCode }) => unitCode))

export function parcelOf(seed: number, { unitCode, mapSheet, parcelNumber }: Pick<Parcel, 'unitCode' | 'mapSheet' | 'parcelNumber'>): Parcel | undefined {
  if (!PROVINCES.has(unitCode.slice(0, 3)) || mapSheet > LAST_SHEET || parcelNumber > LAST_PARCEL) return undefined
  const drawn = (what: string) => draw(seed, what, unitCode, mapSheet, parcelNumber)
  return {
    unitCode, mapSheet, parcelNumber, areaM2: 40 + Math.floor(drawn('area') * 960), use: USES[Math.floor(drawn('use') * USES.length)]!,
    pricePerM2Vnd: 500_000 + Math.floor(drawn('price') * 200) * 100_000,
  }
}
