/** Every dossier that people tested by hand is accounted for in every system where it is due, or named; the tests are those that the plan declares, or that were added afterwards. */
import { readFile } from 'node:fs/promises'
import { Trailer } from '../../../contracts/record-file.ts'
import type { Case } from '../case.ts'
import { HAND_FILE, judgeHandTests, statusOf } from '../hand-tests.ts'
import { type CriterionRule, listed, result, validity } from './criterion.ts'

const MOST_LINES = 20

export const handTests: CriterionRule = {
  id: 'hand-tests',
  async check(kase) {
    const declared = kase.records.handTests
    if (!declared) return []
    const sealed = await sealedAs(kase)
    const same = sealed !== null && sealed === declared.sha256
    const judged = await judgeHandTests(kase)
    const { dossiers, classes } = judged
    const named = new Set(classes.map(({ dossier }) => dossier))
    const byClass = [...Map.groupBy(classes, (one) => one.class)].map(([name, all]) => `${name} ${listed(all.map(({ dossier, system }) => `${dossier} (${system})`), 5)}`)
    return [
      validity('hand-tests', same, declared.added ? 'the tests by hand are those that were added after the run' : 'the tests by hand are those that the plan declares', same ? `${declared.rows} rows` : sealed === null ? 'the file is not whole' : 'the file is another', [{ file: HAND_FILE, lines: [] }]),
      result('hand-tests.accounted', statusOf(judged), 'every dossier that was seen done by hand stands in every system where it is due', `${dossiers} dossiers: ${dossiers - named.size} found everywhere${byClass.length > 0 ? `; ${byClass.join('; ')}` : ''}`,
        [{ file: HAND_FILE, lines: [...new Set(classes.map(({ line }) => line))].slice(0, MOST_LINES).toSorted((a, b) => a - b) }]),
    ]
  },
}

async function sealedAs({ records, states }: Case): Promise<string | null> {
  const file = records.files.find(({ kind }) => kind === 'hand')
  if (!file || !states.get(file.name)?.whole) return null
  const last = (await readFile(file.path, 'utf8')).trimEnd().split('\n').at(-1)!
  return Trailer.parse(JSON.parse(last)).trailer.sha256
}
