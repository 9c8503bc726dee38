/** EMVCo's tag-length-value: two digits tag, two digits length (of characters), value. Templates are such a text inside a value. */
export type Tlv = readonly (readonly [tag: string, value: string])[]

export function encodeTlv(fields: Tlv): string {
  return fields.map(([tag, value]) => {
    const length = [...value].length
    if (length < 1 || length > 99) throw new RangeError(`field ${tag} has ${length} characters; 1 to 99 fit`)
    return `${tag}${String(length).padStart(2, '0')}${value}`
  }).join('')
}

/** Undefined where lengths do not fit the text. The first of equal tags counts. */
export function decodeTlv(text: string): Map<string, string> | undefined {
  const characters = [...text]
  const fields = new Map<string, string>()
  for (let at = 0; at < characters.length;) {
    const head = characters.slice(at, at + 4).join('')
    if (!/^\d{4}$/.test(head)) return undefined
    const end = at + 4 + Number(head.slice(2))
    if (end > characters.length || end === at + 4) return undefined
    if (!fields.has(head.slice(0, 2))) fields.set(head.slice(0, 2), characters.slice(at + 4, end).join(''))
    at = end
  }
  return fields
}
