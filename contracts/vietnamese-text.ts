/**
 * Vietnamese text as old systems hold it, and how two holders of the same text are compared. Traps: decomposed letters (NFD), TCVN3 remains
 * (bytes of TCVN 5712:1993 once read as Latin-1: `NguyÔn V¨n`), doubled, trailing and non-breaking spaces, and two ways to place a tone (`hòa`, `hoà`).
 * `repairText` mends all but the tone placement, which is the writer's choice; `comparisonKey` is equal for texts that differ in nothing else.
 * Table: TCVN 5712:1993 (VN2) as in glibc's TCVN5712-1, code points A1 to FE.
 */

// From A1 on, one character each; B0 to B4 are the five combining tones.
const TCVN3 = [
  ...'ĂÂÊÔƠƯĐăâêôơưđẰ', '\u0300', '\u0309', '\u0303', '\u0301', '\u0323',
  ...'àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵ'.normalize('NFC'),
] as const
const FIRST = 0xa1
const BY_LETTER = new Map(TCVN3.map((letter, index) => [letter, String.fromCharCode(FIRST + index)]))

const HIGH_LATIN1 = /[\u00a1-\u00fe]/
const BEYOND_LATIN1 = /[\u0100-\uffff]/
// Word limits in a misread text: white space and ASCII punctuation only, since letters became symbols such as ¬ and the soft hyphen.
const WORD_LIMITS = /[\s!-/:-@[-`{-~]+/u
const SPACES = /[\s\u200b\u2060]+/gu
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g

/** One Vietnamese syllable without its tone, or a number; vowels in NFC with their own marks (ă â ê ô ơ ư). */
const INITIAL = 'b|ch?|d|đ|gh?|gi|h|kh?|l|m|nh?|ngh?|ph?|qu|r|s|th?|tr|v|x'
const VOWELS = 'i[aêu]|[iy]êu?|o[aăeo]|oai|oay|oao|oeo|uâ|uây|uê|uô|uôi|uơ|uya?|uyêu?|uyu|ua|ươ[iu]?|ư[aiu]|[aoôơuư]i|a[ouy]|â[uy]|eo|êu|ya|[aăâeêioôơuưy]'
const SYLLABLE = new RegExp(`^(?:\\d+|(?:${INITIAL})?(?:${VOWELS})(?:ch?|m|nh?|ng|p|t|k)?)$`, 'u')

/** In the order in which they are made. */
export const TEXT_REPAIRS = ['tcvn3', 'nfc', 'spaces'] as const
export type TextRepair = (typeof TEXT_REPAIRS)[number]

const REPAIR: Record<TextRepair, (text: string) => string> = {
  tcvn3: (text) => isTcvn3Remain(text) ? decodeTcvn3(text) : text,
  nfc: (text) => text.normalize('NFC'),
  spaces: (text) => text.replace(SPACES, ' ').trim(),
}

/** The text as Unicode, without doubled or outer spaces, and what had to be mended for it. */
export function repairText(text: string, wanted: readonly TextRepair[] = TEXT_REPAIRS): { text: string; repairs: TextRepair[] } {
  const repairs: TextRepair[] = []
  let mended = text
  for (const repair of TEXT_REPAIRS) {
    const next = wanted.includes(repair) ? REPAIR[repair](mended) : mended
    if (next !== mended) repairs.push(repair)
    mended = next
  }
  return { text: mended, repairs }
}

/**
 * Surely TCVN3 read as Latin-1: every touched word becomes a Vietnamese syllable when decoded, and at least one was none before.
 * `Hoá`, `Müller` and `François` stay what they are.
 */
export function isTcvn3Remain(text: string): boolean {
  if (!HIGH_LATIN1.test(text) || BEYOND_LATIN1.test(text)) return false
  const words = text.split(WORD_LIMITS).filter((word) => HIGH_LATIN1.test(word))
  return words.every((word) => isSyllable(decodeTcvn3(word))) && words.some((word) => !isSyllable(word))
}

export function decodeTcvn3(text: string): string {
  return text.replace(/[\u00a1-\u00fe]/g, (misread) => TCVN3[misread.charCodeAt(0) - FIRST]!).normalize('NFC')
}

/** What a reader of TCVN3 bytes sees who takes them for Latin-1; undefined where a letter has no TCVN3 code. */
export function encodeTcvn3(text: string): string | undefined {
  let misread = ''
  for (const letter of text.normalize('NFC')) {
    const code = letter.charCodeAt(0) < 0x80 ? letter : BY_LETTER.get(letter)
    if (code === undefined) return undefined
    misread += code
  }
  return misread
}

/** Equal for texts that differ only in encoding, spaces, letter case or tone placement. */
export function comparisonKey(text: string): string {
  return repairText(text).text.toLowerCase().split(' ').map((word) => {
    const decomposed = word.normalize('NFD')
    const tones = decomposed.match(TONES)
    return tones ? decomposed.replace(TONES, '').normalize('NFC') + tones.join('') : word
  }).join(' ')
}

/** `Hoá`, `HOÁ` and `hoá`, not `tÕ`: a misread text has capitals in the middle of words. */
function isSyllable(word: string): boolean {
  if (word.slice(1) !== word.slice(1).toLowerCase() && word !== word.toUpperCase()) return false
  const decomposed = word.toLowerCase().normalize('NFD')
  if ((decomposed.match(TONES)?.length ?? 0) > 1) return false
  return SYLLABLE.test(decomposed.replace(TONES, '').normalize('NFC'))
}
