/**
 * Cuts, losses and delays in the network, by the kernel itself: rules of the packet filter and a queue with delay inside the part's own network. The rules of a part are
 * always written as a whole from what is to hold now, so that giving back is the same act as taking away. The machine keeps its way to every part: who rehearses must
 * be able to read and to heal.
 */
import type { StackPlatform } from '../../../contracts/platform.ts'
import type { AddressPlan } from '../addresses.ts'
import { endOf, pairsOf } from './ends.ts'
import { runInNetworkOf } from './side-container.ts'
import { cannot, type Parts } from './parts.ts'

const RESTORE = `printf '%s\\n' "$RULES" | iptables-restore`
const EACH_INTERFACE = `for path in /sys/class/net/eth*; do device=\${path##*/}`
const SAID_CHARACTERS = 300

export function network(parts: Parts, plan: AddressPlan): Pick<StackPlatform, 'cut' | 'mend' | 'lose' | 'delay' | 'calm'> {
  /** By part, then by name of the cut: pairs of addresses. */
  const cuts = new Map<string, Map<string, [string, string][]>>()
  const losses = new Map<string, number>()
  const delays = new Set<string>()

  async function write(part: string): Promise<void> {
    const pairs = [...cuts.get(part)?.values() ?? []].flat()
    const dropped = pairs.flatMap(([one, other]) => [[one, other], [other, one]]).flatMap(([source, target]) => ['INPUT', 'OUTPUT'].map((chain) => `-A ${chain} -s ${source} -d ${target} -j DROP`))
    const share = losses.get(part)
    const subnets = [...parts.context.networks.values()]
    const lost = share === undefined ? [] : [
      ...subnets.map(({ prefix }) => `-A INPUT -s ${prefix}.1 -j ACCEPT`),
      ...subnets.map(({ subnet }) => `-A INPUT -s ${subnet} -m statistic --mode random --probability ${share} -j DROP`),
    ]
    const { code, said } = await runInNetworkOf(parts, part, RESTORE, { RULES: ['*filter', ':INPUT ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...dropped, ...lost, 'COMMIT'].join('\n') })
    if (code !== 0) throw cannot(`rules in the network of ${part}`, said.slice(-SAID_CHARACTERS))
  }

  /** Where fewer rules have to stand. */
  function placeOf(from: string, to: string): { at: string[]; pairs: [string, string][] } {
    const [one, other] = [endOf(parts, plan, from), endOf(parts, plan, to)]
    const pairs = pairsOf(one.addresses, other.addresses)
    if (pairs.length === 0) throw cannot(`a cut between ${from} and ${to}`, 'they share no zone and never speak to each other')
    const at = [one, other].map((end) => end.parts).filter((names) => names.length > 0).sort((a, b) => a.length - b.length)[0] ?? []
    return { at, pairs }
  }

  return {
    async cut(from, to) {
      const { at, pairs } = placeOf(from, to)
      for (const part of at) {
        if (!cuts.has(part)) cuts.set(part, new Map())
        cuts.get(part)!.set(`${from}|${to}`, pairs)
        await write(part)
      }
    },
    async mend(from, to) {
      for (const [part, own] of cuts) if (own.delete(`${from}|${to}`)) await write(part)
    },
    async lose(part, share) {
      losses.set(part, share)
      await write(part)
    },
    async delay(part, ms) {
      delays.add(part)
      const { code, said } = await runInNetworkOf(parts, part, `${EACH_INTERFACE}; tc qdisc replace dev $device root netem delay ${Math.round(ms)}ms || exit 1; done`)
      if (code !== 0) throw cannot(`delaying what ${part} sends`, `the kernel has no netem queue (${said.slice(-SAID_CHARACTERS)})`)
    },
    async calm(part) {
      if (losses.delete(part)) await write(part)
      if (!delays.has(part)) return
      // Where only some had a queue, or the kernel has none, there is nothing to take away from the others; what counts is that none is left.
      const { code, said } = await runInNetworkOf(parts, part, `${EACH_INTERFACE}; tc qdisc del dev $device root 2>/dev/null; ! tc qdisc show dev $device | grep netem || exit 1; done`)
      if (code !== 0) throw cannot(`ending the delay of what ${part} sends`, said.slice(-SAID_CHARACTERS))
      delays.delete(part)
    },
  }
}
