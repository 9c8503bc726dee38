/**
 * A strict reader for the tests: takes XML, or HTML as this room writes it, apart into elements and text, and throws where it is not
 * well-formed (a tag left open or closed wrongly, an attribute without quotes or twice, a bare `<` or `&`, a control character).
 */
export type Element = { name: string; attributes: Record<string, string>; parent: Element | null; children: (Element | string)[] }

const VOID: readonly string[] = ['meta', 'input', 'br', 'link', 'img', 'hr', 'col']
const RAW: readonly string[] = ['style', 'script']
const TAG = /<(?:!doctype html|\?xml[^>]*\?|(\/)?([A-Za-z][\w:-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/)?)>/iy
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i

export function readMarkup(text: string): Element {
  const root: Element = { name: '#root', attributes: {}, parent: null, children: [] }
  let open = root
  for (let at = 0; at < text.length;) {
    if (text[at] !== '<') {
      const end = text.indexOf('<', at) < 0 ? text.length : text.indexOf('<', at)
      open.children.push(decoded(text.slice(at, end)))
      at = end
      continue
    }
    if (text.startsWith('<![CDATA[', at)) {
      const end = text.indexOf(']]>', at)
      open.children.push(text.slice(at + 9, end))
      at = end + 3
      continue
    }
    TAG.lastIndex = at
    const match = TAG.exec(text)
    if (!match) throw new Error(`not a tag at ${at}: ${text.slice(at, at + 80)}`)
    at = TAG.lastIndex
    const [, closing, name, attributes, selfClosing] = match
    if (name === undefined) continue
    if (closing) {
      if (open.name !== name || !open.parent) throw new Error(`</${name}> closes <${open.name}> at ${at}`)
      open = open.parent
      continue
    }
    const element: Element = { name, attributes: attributesOf(attributes ?? ''), parent: open, children: [] }
    open.children.push(element)
    if (selfClosing || VOID.includes(name)) continue
    open = element
    if (RAW.includes(name) && !insideSvg(element)) {
      const end = text.indexOf(`</${name}>`, at)
      element.children.push(text.slice(at, end))
      at = end
    }
  }
  if (open !== root) throw new Error(`<${open.name}> is never closed`)
  return root
}

export function elements(root: Element, name?: string): Element[] {
  return root.children.flatMap((child) => (typeof child === 'string' ? [] : [...(name === undefined || child.name === name ? [child] : []), ...elements(child, name)]))
}

export function textOf(element: Element): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('')
}

export function byId(root: Element, id: string): Element {
  const found = elements(root).find((element) => element.attributes['id'] === id)
  if (!found) throw new Error(`no element with id ${id}`)
  return found
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const match of text.matchAll(/([\w:-]+)(?:="([^"<]*)")?/g)) {
    const name = match[1]!
    if (name in found) throw new Error(`attribute ${name} twice`)
    found[name] = decoded(match[2] ?? '')
  }
  return found
}

function decoded(text: string): string {
  if (ENTITY.test(text)) throw new Error(`bare & in: ${text.slice(0, 80)}`)
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)) throw new Error(`control character in: ${text.slice(0, 80)}`)
  return text.replace(/&(amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);/gi, (_, code: string) =>
    ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: '\'' })[code.toLowerCase()] ?? String.fromCodePoint(Number(code[1] === 'x' ? `0${code.slice(1)}` : code.slice(1))))
}

function insideSvg(element: Element): boolean {
  return element.name === 'svg' || (element.parent !== null && insideSvg(element.parent))
}
