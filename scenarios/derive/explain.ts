/**
 * How each rate of a planned load was derived, as a table: first every figure on the way with its source or assumption, then what comes of it, scenario
 * by scenario. For `tongduyet load --explain` and for the report's list of assumptions.
 */
import type { PlannedScenario } from '../../contracts/plan.ts'
import type { Text } from '../../contracts/text.ts'
import { busiestPerSecond } from '../arrival.ts'
import type { PlannedLoad } from '../plan.ts'
import { shownNumber, texts, type DerivationLine } from './lines.ts'

export type Explanation = { columns: string[]; rows: string[][] }

type Language = keyof Text

const COLUMNS: Record<Language, string[]> = {
  vi: ['Đại lượng', 'Giá trị', 'Đơn vị', 'Cách tính', 'Nguồn'],
  en: ['what', 'value', 'unit', 'how', 'from'],
}
const ASSUMED: Record<Language, string> = { vi: 'giả định', en: 'assumed' }
const COMPUTED: Record<Language, string> = { vi: 'tính từ các dòng trên', en: 'computed from the lines above' }

export function explainProfile(planned: PlannedLoad, language: Language): Explanation {
  const ofLine = ({ what, value, unit, how, basis }: DerivationLine) =>
    [what[language], shownNumber(value)[language], unit[language], how[language], basisOf(basis, language)]
  return { columns: COLUMNS[language], rows: [...planned.derivation.map(ofLine), ...planned.scenarios.map((scenario) => rowOf(scenario, language))] }
}

/** What no document gives, each once, in the order in which it was needed. */
export function derivedAssumptions(lines: readonly DerivationLine[]): Text[] {
  const found = new Map<string, Text>()
  for (const { basis } of lines) if ('assumption' in basis) found.set(basis.assumption.en, basis.assumption)
  return [...found.values()]
}

function basisOf(basis: DerivationLine['basis'], language: Language): string {
  if ('source' in basis) return basis.source
  return 'assumption' in basis ? `${ASSUMED[language]}: ${basis.assumption[language]}` : COMPUTED[language]
}

function rowOf(scenario: PlannedScenario, language: Language): string[] {
  const { name, journey, actor, count, startMs, durationMs, dossiersOf, among } = scenario
  const seconds = (ms: number) => Math.round(ms / 1_000)
  const handled = dossiersOf === undefined ? '' : `; ${dossiersOf}${among === undefined ? '' : ` / ${among}`}`
  return [
    `${name} (${actor})`, shownNumber(count)[language], { vi: 'lượt', en: 'iterations' }[language], `${journey.join(' → ')}${handled}`,
    texts((n) => ({
      vi: `giây ${seconds(startMs)}–${seconds(startMs + durationMs)}, cao nhất ${n(busiestPerSecond(scenario))}/giây`,
      en: `second ${seconds(startMs)} to ${seconds(startMs + durationMs)}, at most ${n(busiestPerSecond(scenario))}/s`,
    }[language]))[language],
  ]
}
