/** Vietnamese text for checks: the same words composed (NFC) and decomposed (NFD), with letters that have two marks, `đ` that has no decomposition, and both tone placements. */
export const COMPOSED = 'Người Thử Đặng Thị Hòa – Thửa đất số 12, xã Nghĩa Thuỷ, tỉnh Đắk Lắk'.normalize('NFC')
export const DECOMPOSED = COMPOSED.normalize('NFD')
export const NAME_COMPOSED = 'Người Thử Nguyễn Thị Hoà'.normalize('NFC')
export const NAME_DECOMPOSED = NAME_COMPOSED.normalize('NFD')

/** The same text, in whatever normal form it is kept. */
export function sameText(a: unknown, b: string): boolean { return typeof a === 'string' && a.normalize('NFC') === b.normalize('NFC') }
