/** JSON that is read: what fits into a line stands on one line, the rest is indented. Keys keep their order, so equal documents are equal texts. */
const WIDTH = 140

export function printJson(value: unknown, indent = '', before = 0): string {
  const line = oneLine(value)
  if (value === null || typeof value !== 'object' || indent.length + before + line.length <= WIDTH) return line
  const inner = `${indent}  `
  const [open, close, items] = Array.isArray(value)
    ? ['[', ']', value.map((item) => printJson(item, inner))]
    : ['{', '}', Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => `${JSON.stringify(key)}: ${printJson(item, inner, key.length + 4)}`)]
  return `${open}\n${items.map((item) => inner + item).join(',\n')}\n${indent}${close}`
}

function oneLine(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return entries.length === 0 ? '{}' : `{ ${entries.map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`).join(', ')} }`
}
