/**
 * Reads a QR payload by EMVCo's specification (merchant-presented mode): tag, length, value; closed by CRC-16/CCITT-FALSE over all before it. Written apart
 * from the simulators' own, so that a mistake in one shows in the other.
 */
export type EmvFields = readonly (readonly [tag: string, value: string])[]

/** Undefined where lengths do not fit. */
export function readEmv(text: string): EmvFields | undefined {
  const letters = [...text]
  const fields: [string, string][] = []
  for (let at = 0; at < letters.length;) {
    const head = /^(\d\d)(\d\d)$/.exec(letters.slice(at, at + 4).join(''))
    const end = at + 4 + Number(head?.[2] ?? Number.NaN)
    if (!head || !(end <= letters.length)) return undefined
    fields.push([head[1]!, letters.slice(at + 4, end).join('')])
    at = end
  }
  return fields
}

export function writeEmv(fields: EmvFields): string {
  const body = fields.filter(([tag]) => tag !== '63').map(([tag, value]) => `${tag}${String([...value].length).padStart(2, '0')}${value}`).join('')
  return `${body}6304${crcOf(`${body}6304`)}`
}

export function crcFits(text: string): boolean { return text.slice(-8, -4) === '6304' && crcOf(text.slice(0, -4)) === text.slice(-4) }

function crcOf(text: string): string {
  let crc = 0xffff
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}

export function field(fields: EmvFields, tag: string): string | undefined { return fields.find(([name]) => name === tag)?.[1] }
