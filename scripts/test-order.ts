/**
 * Which test files begin first: whole nights and loads, so that none of them is left alone at the end while the other workers have nothing to do. On a fresh clone vitest knows no
 * durations and goes by the size of the files. Between the two longest stand those that play no night, so that seldom two nights are on at once.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const FIRST = [
  'cli/load/load.test.ts',
  'cli/conform/altered-fields.test.ts',
  'cli/conform/nonconformities.test.ts',
  'cli/load/sabotage/generator.test.ts',
  'cli/rehearse/rehearsal.test.ts',
  'cli/target/foreign-run.test.ts',
  'cli/target/simulated-partners.test.ts',
  'cli/rehearse/stopping.test.ts',
] as const

const root = fileURLToPath(new URL('..', import.meta.url))
for (const file of FIRST) if (!existsSync(root + file)) throw new Error(`${file} is not there any more: scripts/test-order.ts`)

export default class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = FIRST.findIndex((file) => moduleId === root + file)
      return at < 0 ? FIRST.length : at
    }
    const group = ({ project }: TestSpecification) => project.config.sequence.groupOrder
    return (await super.sort(files)).toSorted((a, b) => group(a) - group(b) || place(a) - place(b))
  }
}
