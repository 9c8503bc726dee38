/** What the kernel is asked for, by an engine that only notes it: rules as a whole each time, a queue on every interface, and words for a kernel that has none. */
import { beforeEach, describe, expect, it } from 'vitest'
import { planAddresses } from '../addresses.ts'
import type { RunContext } from '../container.ts'
import type { Docker } from '../docker.ts'
import type { ContainerSpec, Zone } from '../spec.ts'
import { network } from './network.ts'
import { createParts } from './parts.ts'

const ZONES: Zone[] = ['edge', 'portal', 'partners']
const PREFIX = new Map(ZONES.map((zone, index) => [zone, `10.160.${index}`]))
const plan = planAddresses((zone) => PREFIX.get(zone) ?? '192.0.2')

type Asked = { of: string; script: string; rules: string[] }
let asked: Asked[]
let answers: { code: number; said: string }[]
beforeEach(() => { asked = []; answers = [] })

function frame(text: string): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([head, Buffer.from(text)])
}

function engine(): Docker {
  return {
    createContainer: async ({ Cmd, Env, HostConfig }: { Cmd: string[]; Env: string[]; HostConfig: { NetworkMode: string; CapAdd: string[] } }) => {
      expect(HostConfig.CapAdd).toEqual(['NET_ADMIN'])
      asked.push({ of: HostConfig.NetworkMode, script: Cmd.at(-1)!, rules: (Env.find((one) => one.startsWith('RULES=')) ?? '').slice('RULES='.length).split('\n').filter((line) => line.startsWith('-A')) })
      const { code, said } = answers.shift() ?? { code: 0, said: '' }
      return { wait: async () => ({ StatusCode: code }), start: async () => {}, logs: async () => frame(said), remove: async () => {} }
    },
  } as unknown as Docker
}

function platform() {
  const networks = new Map(ZONES.map((zone) => [zone, { id: zone, name: zone, prefix: PREFIX.get(zone)!, subnet: `${PREFIX.get(zone)}.0/24` }]))
  const context = { docker: engine(), runId: 'r', labels: {}, networks, signal: new AbortController().signal } as RunContext
  const part = (name: string, zones: ContainerSpec['zones']) => [name, { spec: { name, zones } as ContainerSpec, container: { name, id: `id-${name}`, pid: 1 } }] as const
  return network(createParts({
    context, tag: 'tag', ordered: () => {}, running: async () => {},
    parts: new Map([part('edge-new', plan.zonesOf.edge('edge-new')), part('payments', plan.zonesOf.service('payments')), part('partners', plan.zonesOf.partners())]),
  }), plan)
}

describe('a cut', () => {
  it('stands on both ways between the addresses that share a zone, in one of the two parts, until it is mended', async () => {
    const { cut, mend } = platform()
    await cut('payments', 'bank-vcb')
    const [own, bank] = [plan.zonesOf.service('payments').find(({ zone }) => zone === 'partners')!.address, plan.simulators['bank-vcb']!]
    expect(asked).toHaveLength(1)
    expect(asked[0]!.rules).toEqual([[own, bank], [bank, own]].flatMap(([source, target]) => ['INPUT', 'OUTPUT'].map((chain) => `-A ${chain} -s ${source} -d ${target} -j DROP`)))
    await cut('edge-new', 'payments')
    await mend('payments', 'bank-vcb')
    expect(asked.at(-1)!.rules.some((rule) => rule.includes(bank))).toBe(false)
  })
})

describe('a loss', () => {
  it('is of what others send, and never of what the machine does; it goes with the rules', async () => {
    const { lose, calm } = platform()
    await lose('edge-new', 0.4)
    expect(asked[0]).toMatchObject({ of: 'container:id-edge-new', rules: [
      ...ZONES.map((zone) => `-A INPUT -s ${PREFIX.get(zone)}.1 -j ACCEPT`), ...ZONES.map((zone) => `-A INPUT -s ${PREFIX.get(zone)}.0/24 -m statistic --mode random --probability 0.4 -j DROP`),
    ] })
    await calm('edge-new')
    expect(asked[1]!.rules).toEqual([])
    await calm('edge-new')
    expect(asked).toHaveLength(2)
  })
})

describe('a delay', () => {
  it('is a queue of its own on every interface of the part, and is gone when it is calm again', async () => {
    const { delay, calm } = platform()
    await delay('edge-new', 399.6)
    expect(asked[0]).toMatchObject({ of: 'container:id-edge-new', script: 'for path in /sys/class/net/eth*; do device=${path##*/}; tc qdisc replace dev $device root netem delay 400ms || exit 1; done' })
    await calm('edge-new')
    expect(asked[1]!.script).toMatch(/tc qdisc del dev \$device root .*tc qdisc show dev \$device \| grep netem \|\| exit 1/u)
    await calm('edge-new')
    expect(asked).toHaveLength(2)
  })

  it('that the kernel does not have is told, with what it said', async () => {
    const { delay } = platform()
    answers = [{ code: 1, said: 'Error: Specified qdisc kind is unknown.' }]
    await expect(delay('edge-new', 400)).rejects.toMatchObject({ problem: { code: 'PLATFORM_CANNOT', what: expect.stringMatching(/delaying what edge-new sends: the kernel has no netem queue \(Error: Specified qdisc kind is unknown/u) } })
  })

  it('that does not end is told, and tried again', async () => {
    const { delay, calm } = platform()
    await delay('edge-new', 400)
    answers = [{ code: 1, said: 'qdisc netem 8001: root' }]
    await expect(calm('edge-new')).rejects.toMatchObject({ problem: { code: 'PLATFORM_CANNOT', what: expect.stringContaining('ending the delay of what edge-new sends') } })
    await calm('edge-new')
    expect(asked).toHaveLength(3)
  })
})
