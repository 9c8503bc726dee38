/**
 * Finds what stands at a path: literal paths by a map, `{field}` templates by a tree of segments that is looked at only after the map, so that a role of a
 * thousand routes costs as much as one. A literal segment goes before a field. Paths are compared as they come; fields are percent-decoded.
 */
export type Leaf<T> = { entry: T; /** Of the template's fields, in order. */ names: readonly string[] }
export type Place<T> = {
  byMethod: Readonly<Record<string, Leaf<T> | undefined>>
  /** The header `Allow`. */
  allow: string
}
export type Router<T> = {
  literal: (path: string) => Place<T> | undefined
  /** `values` as they stand in the path, not decoded. */
  template: (path: string) => { place: Place<T>; values: readonly string[] } | undefined
  /** The header `Allow` for `OPTIONS *`. */
  allow: string
  /** Every place with its segments, null for a field, in the order in which they are looked at. */
  places: readonly { segments: readonly (string | null)[]; place: Place<T> }[]
}

type Node<T> = { literals: Map<string, Node<T>>; field?: Node<T>; place?: Place<T> }

export function createRouter<T extends { method: string; path: string }>(entries: readonly T[]): Router<T> {
  const literals = new Map<string, Place<T>>()
  const root: Node<T> = { literals: new Map() }
  let templates = false
  for (const entry of entries) {
    const names = fieldsOf(entry.path)
    if (names.length > 0) templates = true
    offer(names.length === 0 ? placeOf(literals, entry.path) : nodeOf(root, entry.path).place ??= newPlace(), { entry, names })
  }
  return {
    literal: (path) => literals.get(path),
    template(path) {
      if (!templates) return undefined
      const values: string[] = []
      const place = descend(root, path.split('/'), 1, values)
      return place && { place, values }
    },
    allow: allowOf([...new Set(entries.map(({ method }) => method))]),
    places: [...Array.from(literals, ([path, place]) => ({ segments: path.split('/').slice(1), place })), ...placesIn(root)],
  }
}

function placesIn<T>(node: Node<T>, above: readonly (string | null)[] = []): { segments: (string | null)[]; place: Place<T> }[] {
  return [
    ...node.place ? [{ segments: [...above], place: node.place }] : [],
    ...Array.from(node.literals, ([segment, next]) => placesIn(next, [...above, segment])).flat(),
    ...node.field ? placesIn(node.field, [...above, null]) : [],
  ]
}

/** Names of the fields in a path: `/v1/dossiers/{dossierCode}`. */
export function fieldsOf(path: string): string[] {
  return path.split('/').filter(isField).map((segment) => segment.slice(1, -1))
}

/** Undefined where it is not percent-encoded UTF-8, or has bytes that a path may not have. */
export function decodeSegment(text: string): string | undefined {
  if (/^[\w.~-]*$/.test(text)) return text
  if (!/^[\x21-\x7e]*$/.test(text)) return undefined
  try { return decodeURIComponent(text) } catch { return undefined }
}

function isField(segment: string): boolean { return segment.startsWith('{') && segment.endsWith('}') }

function newPlace<T>(): Place<T> { return { byMethod: Object.create(null) as Record<string, Leaf<T>>, allow: '' } }

function placeOf<T>(places: Map<string, Place<T>>, path: string): Place<T> {
  const place = places.get(path) ?? newPlace<T>()
  places.set(path, place)
  return place
}

function nodeOf<T>(root: Node<T>, path: string): Node<T> {
  let node = root
  for (const segment of path.split('/').slice(1)) {
    if (isField(segment)) node = node.field ??= { literals: new Map() }
    else {
      const next = node.literals.get(segment) ?? { literals: new Map() }
      node.literals.set(segment, next)
      node = next
    }
  }
  return node
}

/** GET answers HEAD too. The first definition of a method at a path counts. */
function offer<T extends { method: string }>(place: Place<T>, leaf: Leaf<T>): void {
  const byMethod = place.byMethod as Record<string, Leaf<T>>
  byMethod[leaf.entry.method] ??= leaf
  if (leaf.entry.method === 'GET') byMethod['HEAD'] ??= leaf
  place.allow = allowOf(Object.keys(byMethod))
}

function allowOf(methods: readonly string[]): string {
  return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].toSorted().join(', ')
}

function descend<T>(node: Node<T>, segments: readonly string[], at: number, values: string[]): Place<T> | undefined {
  if (at === segments.length) return node.place
  const segment = segments[at]!
  const literal = node.literals.get(segment)
  const found = literal && descend(literal, segments, at + 1, values)
  if (found) return found
  if (!node.field || segment === '') return undefined
  values.push(segment)
  const through = descend(node.field, segments, at + 1, values)
  if (!through) values.pop()
  return through
}
