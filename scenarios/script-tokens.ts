/**
 * Splits TypeScript into words, strings and signs with their places, far enough to see which constructs a file uses: comments, strings, templates and
 * regular expressions are stepped over. No parser: what a token means is for the caller to say.
 */
export type Token = { kind: 'word' | 'string' | 'number' | 'sign'; text: string; offset: number }

/** After these a slash begins a regular expression, not a division. */
const BEFORE_EXPRESSION = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'do', 'else', 'yield', 'await', 'instanceof'])
const ENDS_VALUE = new Set([')', ']', '}'])

const BLANK = /\s+/y
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy
const NUMBER = /\d[\w.]*/y
const STRING = /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"/y
const REGULAR_EXPRESSION = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y

export function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  /** Depths of braces at which a template goes on. */
  const templates: number[] = []
  let depth = 0
  let at = 0
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    return pattern.exec(source)?.[0]
  }
  const push = (kind: Token['kind'], text: string) => { tokens.push({ kind, text, offset: at }); at += text.length }
  /** From a backtick or the brace that closes a substitution: to the template's end, or to its next substitution. */
  const template = () => {
    const offset = at
    at += 1
    while (at < source.length && source[at] !== '`') {
      if (source[at] === '\\') at += 2
      else if (source.startsWith('${', at)) {
        templates.push(depth)
        at += 2
        return
      } else at += 1
    }
    at += 1
    tokens.push({ kind: 'string', text: '``', offset })
  }
  while (at < source.length) {
    const skipped = take(BLANK) ?? take(COMMENT)
    if (skipped !== undefined) { at += skipped.length; continue }
    const word = take(WORD)
    if (word !== undefined) { push('word', word); continue }
    const number = take(NUMBER)
    if (number !== undefined) { push('number', number); continue }
    const string = take(STRING)
    if (string !== undefined) { push('string', string); continue }
    const sign = source[at]!
    if (sign === '`') { template(); continue }
    if (sign === '}' && templates.at(-1) === depth) { templates.pop(); template(); continue }
    const expression = sign === '/' && beginsExpression(tokens.at(-1)) ? take(REGULAR_EXPRESSION) : undefined
    if (expression !== undefined) { push('string', expression); continue }
    if (sign === '{') depth += 1
    if (sign === '}') depth -= 1
    push('sign', sign)
  }
  return tokens
}

function beginsExpression(before: Token | undefined): boolean {
  if (!before) return true
  if (before.kind === 'word') return BEFORE_EXPRESSION.has(before.text)
  return before.kind === 'sign' && !ENDS_VALUE.has(before.text)
}
