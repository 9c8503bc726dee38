/** Stops, kills, starts and freezes a part's container. Each is done once: a part that is there already (or not any more) is left as it is. */
import type { StackPlatform } from '../../../contracts/platform.ts'
import { ask } from '../docker.ts'
import type { Parts } from './parts.ts'

/** What it has in hand it may finish; then it is killed. */
const STOP_WITHIN_S = 8

type State = { Running: boolean; Paused: boolean; Pid: number }

export function processes(parts: Parts): Pick<StackPlatform, 'stop' | 'kill' | 'start' | 'pause' | 'unpause'> {
  const { docker } = parts.context
  const handleOf = (name: string) => docker.getContainer(parts.of(name).container.id)
  const stateOf = async (name: string) => (await ask(`looking at ${name}`, handleOf(name).inspect())).State as State

  async function unpause(name: string): Promise<void> {
    if ((await stateOf(name)).Paused) await ask(`waking ${name}`, handleOf(name).unpause())
  }

  async function end(name: string, how: () => Promise<unknown>): Promise<void> {
    // What stands still cannot be told to end.
    await unpause(name)
    if (!(await stateOf(name)).Running) return
    parts.ordered(parts.of(name).container.id)
    const gone = handleOf(name).wait()
    gone.catch(() => {})
    await ask(`ending ${name}`, how())
    await ask(`waiting for the end of ${name}`, gone)
  }

  return {
    stop: (name) => end(name, () => handleOf(name).stop({ t: STOP_WITHIN_S })),
    kill: (name) => end(name, () => handleOf(name).kill({ signal: 'SIGKILL' })),
    async start(name) {
      if ((await stateOf(name)).Running) return
      const part = parts.of(name)
      await ask(`starting ${name} again`, handleOf(name).start())
      part.container.pid = (await stateOf(name)).Pid
      await parts.running(part)
    },
    async pause(name) {
      const { Running, Paused } = await stateOf(name)
      if (Running && !Paused) await ask(`freezing ${name}`, handleOf(name).pause())
    },
    unpause,
  }
}
