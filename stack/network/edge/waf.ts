/**
 * The edge's web application firewall: rules from a JSON file (contracts/api/admin.ts WafRule), compiled once, looked through in order on
 * path, query, headers and body, each as it was sent and decoded. The first `block` that matches decides; `log` matches are told and pass.
 * A file that does not hold says WAF_RULES_INVALID with all its problems.
 */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { WafRule, type WafExclusion } from '../../../contracts/api/admin.ts'
import { InputError, type Problem } from '../../../contracts/error.ts'

export type WafTarget = WafRule['target']
export type WafMatch = { rule: WafRule; matched: string }
type CompiledRule = { rule: WafRule; pattern: RegExp }

/** As much of what matched as a log keeps. */
const MATCHED_CHARACTERS = 80

export class Waf {
  readonly file: string
  #compiled = new Map<WafTarget, CompiledRule[]>()
  #rules: WafRule[] = []
  #exclusions: readonly WafExclusion[] = []

  constructor(file: string) { this.file = file }

  get rules(): readonly WafRule[] { return this.#rules }
  get exclusions(): readonly WafExclusion[] { return this.#exclusions }
  looksAt(target: WafTarget): boolean { return this.#compiled.has(target) }

  async load(): Promise<void> {
    let json: unknown
    try { json = JSON.parse(await readFile(this.file, 'utf8')) } catch (error) { throw invalid(this.file, [(error as Error).message]) }
    this.#use(json)
  }

  /** Writes the file whole, then uses it; rules that do not hold leave file and rules as they were. */
  async replace(rules: readonly WafRule[]): Promise<void> {
    compile(rules, this.file)
    const draft = `${this.file}.new`
    await writeFile(draft, `${JSON.stringify(rules, null, 2)}\n`)
    await rename(draft, this.file)
    await this.load()
  }

  /** Rules that are not applied under a path; whole rules alone, since a rule here looks at one part of the request. */
  exclude(exclusions: readonly WafExclusion[]): void {
    const unknown = exclusions.filter(({ ruleId, target }) => target !== undefined || !this.#rules.some(({ id }) => id === ruleId))
    if (unknown.length > 0) throw new Error(`no such rule as a whole: ${unknown.map(({ ruleId, target }) => [ruleId, target].filter(Boolean).join(' for ')).join(', ')}; this firewall has ${this.#rules.map(({ id }) => id).join(', ')}`)
    this.#exclusions = [...exclusions]
  }

  /** Every match up to and including the first that blocks. `texts`: the same part in the forms to look at. */
  check(target: WafTarget, path: string, texts: readonly string[]): WafMatch[] {
    const matches: WafMatch[] = []
    for (const { rule, pattern } of this.#compiled.get(target) ?? []) {
      if (rule.pathPrefix !== undefined && !path.startsWith(rule.pathPrefix)) continue
      if (this.#exclusions.some(({ ruleId, pathPrefix }) => ruleId === rule.id && path.startsWith(pathPrefix))) continue
      for (const text of texts) {
        const found = pattern.exec(text)
        if (!found) continue
        matches.push({ rule, matched: [...found[0]].slice(0, MATCHED_CHARACTERS).join('') })
        if (rule.action === 'block') return matches
        break
      }
    }
    return matches
  }

  #use(json: unknown): void {
    const parsed = z.array(WafRule).safeParse(json)
    if (!parsed.success) throw invalid(this.file, parsed.error.issues.map((issue) => `[${issue.path.join('.')}] ${issue.message}`))
    this.#compiled = Map.groupBy(compile(parsed.data, this.file), ({ rule }) => rule.target)
    this.#rules = parsed.data
  }
}

function compile(rules: readonly WafRule[], file: string): CompiledRule[] {
  const problems: string[] = []
  const compiled = rules.flatMap((rule) => {
    try { return [{ rule, pattern: new RegExp(rule.pattern, 'iu') }] } catch (error) {
      problems.push(`rule "${rule.id}": ${(error as Error).message}`)
      return []
    }
  })
  const doubled = rules.filter((rule, index) => rules.findIndex(({ id }) => id === rule.id) !== index)
  for (const { id } of doubled) problems.push(`rule "${id}" is there twice`)
  if (problems.length > 0) throw invalid(file, problems)
  return compiled
}

function invalid(file: string, problems: readonly string[]): InputError {
  return new InputError(problems.map((what): Problem => ({ code: 'WAF_RULES_INVALID', what, where: file, mend: 'the file holds a list of rules {id, title, target, pattern, action, pathPrefix?}' })))
}

/** Forms of a path or query: as sent, and percent-decoded. */
export function urlForms(text: string): string[] {
  if (!text.includes('%') && !text.includes('+')) return [text]
  return [text, percentDecoded(text.replaceAll('+', ' '))]
}

/** Forms of a body: as sent; decoded where it is a form or JSON with \u escapes. */
export function bodyForms(text: string, contentType: string): string[] {
  if (contentType.startsWith('application/x-www-form-urlencoded')) return urlForms(text)
  if (!text.includes('\\')) return [text]
  return [text, text.replace(/\\u([0-9a-f]{4})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))).replace(/\\([/"\\])/gu, '$1').replace(/\\[nrt]/gu, ' ')]
}

/** Broken escapes stay as they are instead of hiding the rest. */
function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/giu, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
}
