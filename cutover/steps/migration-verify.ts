/** `migration.verify {mapping}`: compares old and new row by row and by meaning; mismatches are counted, the first are named in the facts. */
import { z } from 'zod'
import { Slug } from '../../contracts/ids.ts'
import { needsDatabases, stepAction } from './step-action.ts'

const NAMED = 5

export const migrationVerifyStep = stepAction({
  id: 'migration.verify',
  schema: z.strictObject({ mapping: Slug }),
  describe: ({ mapping }) => ({ vi: `Kiểm tra dữ liệu đã chuyển theo ánh xạ ${mapping}`, en: `Verify the migrated data by the mapping ${mapping}` }),
  needs: needsDatabases,
  async run({ ports, state, facts, signal, onProgress }, { mapping }) {
    const { compared, mismatches, examples } = await ports.migration.verify({ mapping, signal, onProgress })
    Object.assign(facts, { compared, mismatches })
    examples.slice(0, NAMED).forEach((example, at) => { facts[`mismatch.${at + 1}`] = example })
    state.migration.compared = compared
    state.migration.mismatches = mismatches
  },
  undo: null,
})
