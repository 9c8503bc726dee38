/** `migration.bulk {mapping}`: copies every old dossier and payment to the new portal. Undo: removes what was migrated. */
import { z } from 'zod'
import { Slug } from '../../contracts/ids.ts'
import { needsDatabases, stepAction } from './step-action.ts'

export const migrationBulkStep = stepAction({
  id: 'migration.bulk',
  schema: z.strictObject({ mapping: Slug }),
  describe: ({ mapping }) => ({ vi: `Chuyển toàn bộ dữ liệu cũ theo ánh xạ ${mapping}`, en: `Bulk copy of the old data by the mapping ${mapping}` }),
  needs: needsDatabases,
  async run({ ports, state, facts, signal, onProgress }, { mapping }) {
    const counts = await ports.migration.bulk({ mapping, signal, onProgress })
    Object.assign(facts, counts)
    state.migration.copied = counts['copied'] ?? null
  },
  async undo({ ports, state, signal, onProgress }, { mapping }) {
    await ports.migration.undo({ mapping, signal, onProgress })
    state.migration = { copied: null, remaining: null, compared: null, mismatches: null }
  },
})
