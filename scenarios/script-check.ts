/**
 * What in a script k6 cannot run: TypeScript that makes its loader hang or that means nothing in its engine (decorators, `for await`, `using`, `accessor`,
 * import attributes, dynamic imports), and what its engine does not have (`URL`, `fetch`, `process`, …). In: the text of a file of ours. Out: problems
 * with line and column and what to write instead. Bundling would lower some of it silently; then it would run otherwise than it reads.
 */
import type { Problem } from '../contracts/error.ts'
import { tokensOf, type Token } from './script-tokens.ts'

type Found = { token: Token; what: string; mend: string }

/** Not in k6's engine (tried on 1.8.1), and what does the same there. */
const MISSING: Record<string, string> = {
  URL: 'use scenarios/url-parts.ts', URLSearchParams: 'write the query with encodeURIComponent', TextEncoder: 'k6/encoding has b64encode and b64decode', TextDecoder: 'k6/encoding has b64encode and b64decode',
  performance: 'use Date.now()', structuredClone: 'copy what is needed', Intl: 'format in the report, not in the load', fetch: 'let the journey carry the request: journey.front or journey.system',
  process: 'take it from the plan, or from __ENV', Buffer: 'k6/encoding has b64encode and b64decode', Worker: 'virtual users are the only concurrency',
}

export function unrunnableIn(source: string, shown: string): Problem[] {
  const tokens = tokensOf(source)
  const found = tokens.flatMap((token, at) => constructAt(tokens, at) ?? []).concat(missingIn(tokens))
  return found.toSorted((a, b) => a.token.offset - b.token.offset)
    .map(({ token, what, mend }) => ({ code: 'SCRIPT_UNRUNNABLE', what: `k6 cannot run ${what}`, where: `${shown}:${position(source, token.offset)}`, mend }))
}

function constructAt(tokens: readonly Token[], at: number): Found | undefined {
  const [token, next, after] = [tokens[at]!, tokens[at + 1], tokens[at + 2]]
  const before = tokens[at - 1]
  const isWord = (one: Token | undefined, ...words: string[]) => one?.kind === 'word' && words.includes(one.text)
  const isSign = (one: Token | undefined, ...signs: string[]) => one?.kind === 'sign' && signs.includes(one.text)
  if (isSign(token, '@') && next?.kind === 'word') return { token, what: `the decorator @${next.text}`, mend: 'call the function, or write what it does' }
  if (token.kind !== 'word' || isSign(before, '.')) {
    const attributed = token.kind === 'string' && isWord(next, 'with', 'assert') && isSign(after, '{')
    return attributed ? { token: next!, what: 'import attributes', mend: 'read the file in the init stage with open(), or write its content as a module' } : undefined
  }
  if (isWord(token, 'for') && isWord(next, 'await')) return { token, what: '"for await"', mend: 'use for over an array: k6 plays an iteration from beginning to end' }
  if (isWord(token, 'using') && next?.kind === 'word' && (isSign(after, '=', ':') || isWord(after, 'of'))) return { token, what: '"using"', mend: 'use const, and try … finally for what must be closed' }
  if (isWord(token, 'accessor') && (next?.kind === 'word' || isSign(next, '#')) && !isWord(next, 'in', 'of', 'instanceof', 'as', 'satisfies')) return { token, what: '"accessor"', mend: 'write a field, or get and set' }
  if (isWord(token, 'import') && isSign(next, '(')) return { token, what: 'a dynamic import', mend: 'import it at the top of the file' }
  return undefined
}

/** Globals of other engines that are called here and declared nowhere in the file. */
function missingIn(tokens: readonly Token[]): Found[] {
  const declared = declaredIn(tokens)
  return tokens.flatMap((token, at) => {
    const mend = token.kind === 'word' && Object.hasOwn(MISSING, token.text) ? MISSING[token.text] : undefined
    const [before, next] = [tokens[at - 1], tokens[at + 1]]
    const used = next?.kind === 'sign' && (next.text === '(' || next.text === '.') && !(before?.kind === 'sign' && before.text === '.')
    return mend !== undefined && used && !declared.has(token.text) ? [{ token, what: `"${token.text}": its engine does not have it`, mend }] : []
  })
}

function declaredIn(tokens: readonly Token[]): Set<string> {
  const declared = new Set<string>()
  let inImport = false
  tokens.forEach(({ kind, text }, at) => {
    if (kind !== 'word') return
    if (text === 'import') inImport = true
    else if (text === 'from') inImport = false
    else if (inImport || ['const', 'let', 'var', 'function', 'class', 'declare'].includes(tokens[at - 1]?.text ?? '')) declared.add(text)
    // A parameter or a method of the same name.
    else if ([':', ')', ',', '='].includes(tokens[at + 1]?.text ?? '') && ['(', ',', '{'].includes(tokens[at - 1]?.text ?? '')) declared.add(text)
  })
  return declared
}

function position(source: string, offset: number): string {
  const lines = source.slice(0, offset).split('\n')
  return `${lines.length}:${lines.at(-1)!.length + 1}`
}
