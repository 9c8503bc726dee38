/** Services and simulated partners, each a Node process of the checkout, which is mounted read only. They are told what to do by a file. */
import { fileURLToPath } from 'node:url'
import type { ServiceConfig, SimulatorsConfig } from '../../contracts/process.ts'
import type { ServiceId } from '../parts.ts'
import type { AddressPlan } from './addresses.ts'
import { APP } from './agent/command.ts'
import type { ContainerSpec } from './spec.ts'

const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/u, '')
const CONFIG_FILE = '/run/tongduyet/config.json'
/** Whoever the process runs as may write there; it is the container's own and outlives its process. */
const SETTINGS_FILE = '/tmp/tongduyet-settings.json'
const ADDRESSES_FILE = '/run/tongduyet/addresses'

const MAX_OLD_SPACE_MB: Partial<Record<ServiceId, number>> = { portal: 512, legacy: 384, coordination: 384 }
const MAX_OLD_SPACE_OTHERS_MB = 256
const PARTNERS_OLD_SPACE_MB = 768
/** What Node needs beside its heap. */
const BESIDE_HEAP_MB = 192

export const checkout = [{ source: CHECKOUT, target: APP }]

function nodeCommand(entry: string, maxOldSpaceMb: number): string[] {
  return [`${APP}/node_modules/node/bin/node`, `--max-old-space-size=${maxOldSpaceMb}`, `${APP}/${entry}`, CONFIG_FILE]
}

/** Nobody but who runs the harness can be sure to read the checkout and to write into the run's folder. */
export function whoRunsThis(): Pick<ContainerSpec, 'user'> {
  const { getuid, getgid } = process
  return getuid && getgid ? { user: `${getuid()}:${getgid()}` } : {}
}

/** `entry`: a path inside the checkout; it is told `config` by a file. */
export function nodeSpec({ name, entry, config, zones, maxOldSpaceMb, files = [] }: {
  name: string; entry: string; config: unknown; zones: ContainerSpec['zones']; maxOldSpaceMb: number; files?: ContainerSpec['files']
}): ContainerSpec {
  return {
    name, image: 'node', command: nodeCommand(entry, maxOldSpaceMb), zones, mounts: checkout, ...whoRunsThis(),
    memoryMb: maxOldSpaceMb + BESIDE_HEAP_MB, files: [{ path: CONFIG_FILE, content: JSON.stringify(config) }, ...files],
  }
}

export function serviceSpec(config: ServiceConfig & { id: ServiceId }, zones: ContainerSpec['zones']): ContainerSpec {
  return nodeSpec({ name: config.id, entry: 'stack/containers/service-process.ts', config: { ...config, settingsFile: SETTINGS_FILE }, zones, maxOldSpaceMb: MAX_OLD_SPACE_MB[config.id] ?? MAX_OLD_SPACE_OTHERS_MB })
}

/**
 * All in one container, each partner with an address of its own; those `apart` each in one of theirs, at the same address. `entry`: takes SimulatorsConfig from a file; a path
 * inside the checkout.
 */
export function partnersSpecs(config: SimulatorsConfig, { entry, plan, apart }: { entry: string; plan: Pick<AddressPlan, 'zonesOf'>; apart: readonly string[] }): ContainerSpec[] {
  const [own, together] = [true, false].map((isApart) => Object.entries(config.hosts).filter(([id]) => apart.includes(id) === isApart))
  return [
    ...own!.map(([id, host]) => nodeSpec({ name: id, entry, config: { ...config, hosts: { [id]: host } }, zones: plan.zonesOf.partner(id), maxOldSpaceMb: MAX_OLD_SPACE_OTHERS_MB })),
    togetherSpec({ ...config, hosts: Object.fromEntries(together!) }, entry, plan.zonesOf.partners()),
  ]
}

function togetherSpec(config: SimulatorsConfig, entry: string, zones: ContainerSpec['zones']): ContainerSpec {
  return {
    name: 'partners', image: 'node', zones, mounts: checkout, capabilities: ['NET_ADMIN'], memoryMb: PARTNERS_OLD_SPACE_MB + BESIDE_HEAP_MB,
    command: ['sh', '-c', 'ip -batch "$0" && exec "$@"', ADDRESSES_FILE, ...nodeCommand(entry, PARTNERS_OLD_SPACE_MB)],
    files: [
      { path: CONFIG_FILE, content: JSON.stringify(config) },
      { path: ADDRESSES_FILE, content: Object.values(config.hosts).map((address) => `address add ${address}/24 dev eth0\n`).join('') },
    ],
  }
}
