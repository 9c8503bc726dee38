/** CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF, not reflected), as EMVCo's QR code specification asks; check value of "123456789" is 29B1. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc
})

/** Four hexadecimal digits, upper case, over the text's UTF-8 bytes. */
export function crc16(text: string): string {
  let crc = 0xffff
  for (const byte of Buffer.from(text, 'utf8')) crc = ((crc << 8) ^ TABLE[(crc >>> 8) ^ byte]!) & 0xffff
  return crc.toString(16).toUpperCase().padStart(4, '0')
}
