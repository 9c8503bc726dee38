/**
 * How many messages on the air a text takes (3GPP TS 23.038, 23.040): in the GSM 7-bit default alphabet 160 characters, or 153 each where it is split;
 * in UCS-2 70, or 67 each. Characters of the extension table count twice and are not split from their escape, nor are surrogate pairs. Vietnamese with
 * its marks is not in the 7-bit alphabet: one `ạ` makes the whole text UCS-2, which is why messages are often written without marks.
 */
export type Segmented = { encoding: 'gsm-7' | 'ucs-2'; segments: number }

const BASIC = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà')
const EXTENSION = new Set('\f^{}\\[~]|€')

export function segmentsOf(text: string): Segmented {
  const characters = [...text]
  const septets = characters.map((character) => BASIC.has(character) ? 1 : EXTENSION.has(character) ? 2 : 0)
  return septets.includes(0)
    ? { encoding: 'ucs-2', segments: split(characters.map(({ length }) => length), 70, 67) }
    : { encoding: 'gsm-7', segments: split(septets, 160, 153) }
}

/** `whole` fit into one message; otherwise each part has `part`, and no character is cut in two. */
function split(sizes: readonly number[], whole: number, part: number): number {
  if (sizes.reduce((sum, size) => sum + size, 0) <= whole) return 1
  let segments = 1
  let filled = 0
  for (const size of sizes) {
    if (filled + size > part) { segments += 1; filled = 0 }
    filled += size
  }
  return segments
}
