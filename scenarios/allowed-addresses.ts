/**
 * k6 knows forbidden addresses only (`blacklistIPs`), the target names allowed ones: out comes everything else, as CIDR blocks.
 * Requests are built from the target's addresses anyway; this is the second wall, for redirects and names that resolve elsewhere.
 */
type Family = { bits: 32 | 128; text: (value: bigint, prefix: number) => string }
type Block = { family: Family; value: bigint; prefix: number }

const V4: Family = { bits: 32, text: (value, prefix) => `${[24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.')}/${prefix}` }
const V6: Family = {
  bits: 128,
  text: (value, prefix) => `${Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16)).join(':')}/${prefix}`,
}

/** CIDR blocks that hold every address outside `allow`. A plain address counts as a block of one. */
export function forbiddenBlocks(allow: readonly string[]): string[] {
  const blocks = allow.map(parseBlock)
  return [V4, V6].flatMap((family) => outside({ family, value: 0n, prefix: 0 }, blocks.filter((block) => block.family === family)))
}

/** An address or a block of them; else it is the name of a host. */
export function isBlock(text: string): boolean { return text.includes(':') || /^[\d.]+(?:\/\d+)?$/.test(text) }

/** Halves the block until each part is wholly allowed or wholly forbidden. */
function outside(block: Block, allowed: readonly Block[]): string[] {
  const { family, value, prefix } = block
  if (allowed.some((other) => other.prefix <= prefix && holds(other, value))) return []
  const within = allowed.filter((other) => other.prefix > prefix && holds(block, other.value))
  if (within.length === 0) return [family.text(value, prefix)]
  const half = 1n << BigInt(family.bits - prefix - 1)
  return [value, value + half].flatMap((start) => outside({ family, value: start, prefix: prefix + 1 }, within))
}

function holds(block: Block, value: bigint): boolean {
  const shift = BigInt(block.family.bits - block.prefix)
  return block.value >> shift === value >> shift
}

function parseBlock(text: string): Block {
  const [address = '', prefixText] = text.split('/')
  const family = address.includes(':') ? V6 : V4
  const value = family === V4 ? parseV4(address) : parseV6(address)
  const prefix = prefixText === undefined ? family.bits : Number(prefixText)
  if (value === undefined || !Number.isInteger(prefix) || prefix < 0 || prefix > family.bits) throw new RangeError(`"${text}" is no address block such as 127.0.0.0/8 or ::1/128`)
  return { family, value, prefix }
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n)
}

function parseV6(text: string): bigint | undefined {
  const [head = '', tail] = text.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const first = groups(head)
  const last = tail === undefined ? [] : groups(tail)
  const gap = 8 - first.length - last.length
  if (text.split('::').length > 2 || (tail === undefined ? gap !== 0 : gap < 1)) return undefined
  const all = [...first, ...Array.from({ length: gap }, () => '0'), ...last]
  if (all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return all.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}
