/** The result for a terminal: what is broken, with the exchange and the smallest request; what could not be tried; index and score last. */
import type { Language } from '../../contracts/text.ts'
import type { CheckOutcome } from '../driver.ts'
import type { ConformResult } from '../result.ts'
import { curlOf } from './curl.ts'
import { word } from './words.ts'

const LISTED = 20
const ANSWER_SHOWN = 300

export function terminalReport({ about, summary, outcomes, testData }: Pick<ConformResult, 'about' | 'summary' | 'outcomes' | 'testData'>, language: Language): string {
  const of = (outcome: CheckOutcome['outcome']) => outcomes.filter((one) => one.outcome === outcome)
  const w = (key: Parameters<typeof word>[1]) => word(language, key)
  const lines = [...section(of('broken'), language), ...section(of('faulted'), language), ...section(of('timed-out'), language)]
  for (const one of of('not-triggerable').slice(0, LISTED)) lines.push(`? ${one.id}: ${one.requirement[language]} · ${w('why')}: ${one.why?.[language] ?? ''}`)
  if (of('not-triggerable').length > LISTED) lines.push(`… ${of('not-triggerable').length - LISTED} ${w('more')}`)
  if (testData.length > 0) {
    lines.push(`${w('testData')} (${testData.length}): ${testData.slice(0, LISTED).map(({ kind, id }) => `${kind} ${id}`).join(', ')}${testData.length > LISTED ? ', …' : ''}`)
  }
  lines.push(`${about.partner} · ${about.contract.role} ${about.contract.version} · ${about.url}`)
  lines.push(`${w('score')} ${summary.score === null ? '–' : `${summary.score} %`} (${summary.held} ${w('of')} ${summary.held + summary.broken}) · ${w('index')} ${summary.index} % (${summary.held + summary.broken} ${w('of')} ${summary.requirements})`)
  return `${lines.join('\n')}\n`
}

function section(outcomes: readonly CheckOutcome[], language: Language): string[] {
  const lines = outcomes.slice(0, LISTED).flatMap((one) => [
    `✗ ${one.id}: ${one.requirement[language]}`,
    ...(one.expected && one.observed ? [`    ${word(language, 'expected')}: ${one.expected[language]} · ${word(language, 'observed')}: ${one.observed[language]}`] : []),
    ...(one.why ? [`    ${word(language, 'why')}: ${one.why[language]}`] : []),
    ...(one.smallest ? [`    ${word(language, 'smallest')}: ${curlOf(one.smallest)}`, `    ${word(language, 'answer')}: ${one.smallest.status ?? one.smallest.error} ${(one.smallest.answer ?? '').slice(0, ANSWER_SHOWN)}`] : []),
  ])
  return outcomes.length > LISTED ? [...lines, `… ${outcomes.length - LISTED} ${word(language, 'more')}`] : lines
}
