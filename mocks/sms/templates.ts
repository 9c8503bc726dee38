/**
 * Registered templates of a gateway (contracts/reference/sms-gateways.ts): the text that a template and its parameters make, and whether a free text is
 * one of them. Compared in NFC, so that a sender whose texts are decomposed is not refused for it.
 */
import type { SmsTemplate } from '../../contracts/reference/sms-gateways.ts'

export type Templates = {
  /** The text, or which refusal, and what about. */
  fill: (id: string, parameters: Readonly<Record<string, string>>, brandname: string) => { text: string } | { refused: 'TEMPLATE_UNKNOWN' | 'TEMPLATE_MISMATCH'; detail: string }
  fits: (text: string, brandname: string) => boolean
}

const PARAMETER = /\{(\w+)\}/g

export function compileTemplates(templates: readonly SmsTemplate[]): Templates {
  const byId = new Map(templates.map((template) => [template.id, template]))
  const patterns = templates.map((template) => ({ brandname: template.brandname, pattern: patternOf(template) }))
  return {
    fill(id, parameters, brandname) {
      const template = byId.get(id)
      if (!template || template.brandname !== brandname) return { refused: 'TEMPLATE_UNKNOWN', detail: id }
      const wrong = problemOf(template, parameters)
      return wrong ? { refused: 'TEMPLATE_MISMATCH', detail: wrong } : { text: template.text.replace(PARAMETER, (_all, name: string) => parameters[name]!) }
    },
    fits: (text, brandname) => {
      const composed = text.normalize('NFC')
      return patterns.some((candidate) => candidate.brandname === brandname && candidate.pattern.test(composed))
    },
  }
}

function problemOf({ parameters: longest }: SmsTemplate, given: Readonly<Record<string, string>>): string | undefined {
  const missing = Object.keys(longest).filter((name) => !Object.hasOwn(given, name))
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(longest, name))
  const unfit = Object.entries(longest).filter(([name, most]) => Object.hasOwn(given, name) && !fitsLength(given[name]!, most)).map(([name, most]) => `${name} has 1 to ${most} characters`)
  const problems = [...missing.map((name) => `${name} is missing`), ...unknown.map((name) => `${name} is no parameter`), ...unfit]
  return problems.length > 0 ? problems.join(', ') : undefined
}

function fitsLength(value: string, most: number): boolean {
  const length = [...value.normalize('NFC')].length
  return length >= 1 && length <= most && !/[\r\n]/.test(value)
}

function patternOf({ text, parameters }: SmsTemplate): RegExp {
  const parts = text.normalize('NFC').split(PARAMETER).map((part, i) => i % 2 === 0 ? escaped(part) : `.{1,${parameters[part]}}`)
  return new RegExp(`^${parts.join('')}$`, 'u')
}

function escaped(text: string): string { return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&') }
