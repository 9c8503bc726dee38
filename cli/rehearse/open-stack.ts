/** The system under test of a run, opened in the way that the operator asked for: peers of one seam (`contracts/stack.ts`). */
import { join } from 'node:path'
import type { RunningStack, StackEvent } from '../../contracts/stack.ts'
import { needsOf, partnersApart } from '../../cutover/faults/index.ts'
import { startEmbedded } from '../../stack/embedded/index.ts'
import { openForeign } from '../target/open-foreign.ts'
import type { World } from '../world.ts'
import type { Resolved } from './resolve.ts'

export type OpenOptions = { workDirectory: string; runId: string; signal: AbortSignal; onProgress: (event: StackEvent) => void }

export async function openStack(world: World, resolved: Resolved, options: OpenOptions): Promise<RunningStack> {
  const { seed, timeScale, scenarioStartMs, cutover, profile: { legacyDossiers } } = resolved
  const settings = { seed, timeScale, scenarioStartMs, cutover, legacyDossiers }
  const { workDirectory, runId, signal, onProgress } = options
  const simulatorsEntry = join(world.root, 'mocks', 'process.ts')
  switch (resolved.targetKind) {
    case 'file': return openForeign(resolved.foreign!, { ...settings, simulatorsEntry, ...options })
    case 'embedded': return startEmbedded({ ...settings, simulatorsEntry, workDirectory, signal, onProgress })
    case 'containers': {
      // Loaded only where it is wanted: the client of Docker takes half a second.
      const { startContainers } = await import('../../stack/containers/index.ts')
      return startContainers({ ...settings, runId, needs: needsOf(resolved.faults), apart: partnersApart(resolved.faults), simulatorsEntry: 'mocks/container-process.ts', workDirectory, signal, onProgress })
    }
  }
}
