/** The reference stack with its portal open and its catalogue published, for a conformance run against the portal: real PostgreSQL, simulated partners. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Control } from '../../contracts/api/admin.ts'
import { HarnessError } from '../../contracts/error.ts'
import { systemOf } from '../../contracts/target.ts'
import { startEmbedded } from '../../stack/embedded/index.ts'
import type { Reference } from './reference.ts'

const SIMULATORS_ENTRY = fileURLToPath(new URL('../../mocks/process.ts', import.meta.url))
const PARTNER = 'ha-noi'

export async function startReferencePortal(signal?: AbortSignal): Promise<Reference> {
  const workDirectory = await mkdtemp(join(tmpdir(), 'conform-portal-'))
  const remove = () => rm(workDirectory, { recursive: true, force: true })
  try {
    const stack = await startEmbedded({ workDirectory, simulatorsEntry: SIMULATORS_ENTRY, cutover: false, seed: 1, timeScale: 1, scenarioStartMs: Date.now(), legacyDossiers: 0, ...(signal && { signal }) })
    const close = async () => { await stack.close(); await remove() }
    try {
      const steer = (system: string, action: Control) => control(systemOf(stack.target, system).admin!, action)
      await steer('catalogue', { action: 'publish' })
      await steer('portal', { action: 'mode', mode: 'open' })
    } catch (error) {
      await close()
      throw error
    }
    return { url: systemOf(stack.target, 'portal').url!, fixture: { keys: { caller: { value: stack.keys[PARTNER]! } }, login: 'issuer' }, close }
  } catch (error) {
    await remove()
    throw error
  }
}

async function control(admin: string, action: Control): Promise<void> {
  const answer = await fetch(`${admin}/control`, { method: 'POST', body: JSON.stringify(action) })
  if (!answer.ok) throw new HarnessError({ code: 'SYSTEM_NOT_READY', what: `${admin} answered ${answer.status} to "${action.action}": ${(await answer.text()).slice(0, 200)}`, mend: 'tongduyet doctor says what the machine lacks' })
}
