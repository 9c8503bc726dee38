/** The matrix of who may take part in the cutover, from sealed results; altered ones, and those that another partner's key signed, are refused and named. */
import { FLOWS } from '../../conform/check.ts'
import { requirementsOf } from '../../conform/checks/index.ts'
import { matrixOf, type Judged, type MatrixRow, type Waiver } from '../../conform/matrix.ts'
import { word } from '../../conform/report/words.ts'
import { verifySeal, type KnownKey } from '../../conform/seal.ts'
import { EXIT, formatProblem } from '../../contracts/error.ts'
import type { Language } from '../../contracts/text.ts'
import { printJson, printTable } from '../commands/command.ts'
import type { World } from '../world.ts'
import { readResult } from './read.ts'

export function printMatrix(world: World, options: { files: readonly string[]; waivers: readonly Waiver[]; known: readonly KnownKey[]; expected?: readonly string[]; acceptSelfDeclared: boolean; language: Language; json: boolean }): number {
  const judged: Judged[] = []
  let refused = 0
  for (const file of options.files) {
    const result = readResult(file)
    const verified = verifySeal(result, file, options.known)
    if ('problems' in verified) {
      refused += 1
      for (const problem of verified.problems) world.stderr.write(`${formatProblem(problem)}\n`)
    }
    judged.push({ result, label: verified.label })
  }
  const { waivers, expected, acceptSelfDeclared } = options
  const rows = matrixOf(judged, { waivers, today: hanoiDay(world.nowMs()), expected, requirementsOf, acceptSelfDeclared })
  if (options.json) printJson(world, rows)
  else print(world, rows, options.language)
  if (rows.some(({ overall }) => overall === 'not-ready')) return EXIT.fail
  return refused > 0 || rows.length === 0 || rows.some(({ overall }) => overall === 'not-tested') ? EXIT.inconclusive : EXIT.pass
}

const LISTED = 5

/** A waiver ends with its day in Viet Nam. */
function hanoiDay(epochMs: number): string { return new Date(epochMs + 7 * 3_600_000).toISOString().slice(0, 10) }

function print(world: World, rows: readonly MatrixRow[], language: Language): void {
  const w = (key: Parameters<typeof word>[1]) => word(language, key)
  const flows = FLOWS.filter((flow) => rows.some((row) => row.flows[flow]))
  const headers = [w('partner'), w('contract'), w('label'), ...flows, w('overall')]
  printTable(world, headers, rows.map((row) => [row.partner, row.contract ?? '–', row.label === null ? '–' : w(row.label), ...flows.map((flow) => row.flows[flow] ? w(row.flows[flow]) : '–'), w(row.overall)]))
  for (const { partner, label, missing } of rows) {
    if (missing === null) world.stdout.write(`${partner}: ${w('unknownContract')}\n`)
    else if (missing.length > 0 && label !== null) world.stdout.write(`${partner}: ${missing.length} ${w('missing')} (${missing.slice(0, LISTED).join(', ')}${missing.length > LISTED ? ', …' : ''})\n`)
  }
  for (const { partner, waivers } of rows) for (const { requirement, reason, owner, until } of waivers) world.stdout.write(`${partner} ${requirement}: ${reason[language]} (${owner}, ${until})\n`)
}
