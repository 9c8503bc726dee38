/**
 * `tongduyet stack down`: ends the stack of that name, and only what `stack up` started: the process is known by id and beginning, and ends its own children. What one that
 * was killed has left, in its directory and on Docker's engine, is cleared away.
 */
import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { EXIT, HarnessError, InputError } from '../../contracts/error.ts'
import { suggest } from '../../contracts/did-you-mean.ts'
import type { World } from '../world.ts'
import { allStates, isRunning, readState, stackDirectory } from './state.ts'

/** Thirty containers on two busy cores. */
const WITHIN_MS = 60_000
const LOOK_EVERY_MS = 100

export async function stackDown(world: World, name: string): Promise<number> {
  const paths = stackDirectory(world, name)
  const state = readState(paths.state)
  if (!state) {
    const names = allStates(world).map((one) => one.name)
    throw new InputError([{ code: 'STACK_MISSING', what: `no stack "${name}" was started`, where: '--name', mend: names.length > 0 ? suggest(name, names) : 'start one with tongduyet stack up' }])
  }
  if (isRunning(state)) {
    process.kill(state.pid, 'SIGTERM')
    const until = world.nowMs() + WITHIN_MS
    while (isRunning(state)) {
      if (world.nowMs() > until) throw new HarnessError({ code: 'STACK_NOT_ENDED', what: `stack "${name}" (process ${state.pid}) did not end within ${WITHIN_MS / 1_000} s`, where: paths.directory, mend: `look at ${paths.work}/logs; as a last resort end process ${state.pid} by hand` })
      await delay(LOOK_EVERY_MS)
    }
    world.stdout.write(`${name}: ended\n`)
  } else {
    world.stdout.write(`${name}: had ended already\n`)
    if (state.target === 'containers') await clearContainers((what) => world.stderr.write(`${what}\n`))
  }
  // What one that was killed has left.
  rmSync(paths.directory, { recursive: true, force: true })
  return EXIT.pass
}

/** Of owners that are gone only, as the next run would. */
async function clearContainers(onStuck: (what: string) => void): Promise<void> {
  const [{ connectDocker }, { removeLeftovers }] = await Promise.all([import('../../stack/containers/docker.ts'), import('../../stack/containers/ownership.ts')])
  await removeLeftovers((await connectDocker()).docker, { onStuck })
}
