/** A target that stands already, as a stack that is not ours to start or end: nothing is opened but the names of its hosts. */
import type { RunningStack } from '../../contracts/stack.ts'
import type { LoadedTarget } from './load-target.ts'
import { pinHosts } from './pin-hosts.ts'

export async function openForeign({ value, shown }: LoadedTarget): Promise<RunningStack> {
  const target = await pinHosts(value, shown)
  const close = async () => {}
  return { target, processes: [], keys: {}, close, [Symbol.asyncDispose]: close }
}
