/**
 * `migration.delta {mapping}`: waits until the old portal's own nightly batch has settled, then copies what changed since the bulk copy, again until
 * nothing is left, and moves the number ranges forward. Undo: none of its own, the bulk copy's removes these rows too.
 */
import { z } from 'zod'
import { Slug } from '../../contracts/ids.ts'
import { byRole } from '../systems.ts'
import { needsDatabases, stepAction } from './step-action.ts'

const POLL_MS = 200
/** A frozen portal has nothing new after one round, two if one row was in flight. */
const MAX_ROUNDS = 5
/** Counts of what is there, not of what a round did: not added up over the rounds. */
const STANDING = new Set(['copied', 'remaining'])

export const migrationDeltaStep = stepAction({
  id: 'migration.delta',
  schema: z.strictObject({ mapping: Slug }),
  describe: ({ mapping }) => ({ vi: `Chuyển phần thay đổi theo ánh xạ ${mapping}`, en: `Delta copy by the mapping ${mapping}` }),
  needs: needsDatabases,
  async run({ ports, plan, state, facts, signal, onProgress }, { mapping }) {
    const legacy = ports.admin(byRole(plan.target, 'legacy').id)
    while (await legacy.pending() > 0) await ports.clock.sleep(POLL_MS, signal)
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const before = state.migration.remaining
      const counts = await ports.migration.delta({ mapping, signal, onProgress })
      for (const [name, count] of Object.entries(counts)) facts[name] = STANDING.has(name) ? count : (Number(facts[name]) || 0) + count
      facts['rounds'] = round
      state.migration.copied = counts['copied'] ?? state.migration.copied
      state.migration.remaining = counts['remaining'] ?? null
      // A round that brings nothing nearer will not do so the next time.
      if (state.migration.remaining === 0 || state.migration.remaining === before) break
    }
    Object.assign(facts, await ports.migration.advanceNumbers({ mapping, signal, onProgress }))
  },
  undo: null,
})
