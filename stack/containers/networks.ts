/**
 * The Docker networks of a run: one for each zone, each /24 of one free /21 of 10.160.0.0/11. A block is free where neither a network of the engine nor an interface or
 * route of the machine overlaps it; the first zone's network is the lock, since the engine makes no two that overlap. Networks are internal: nothing in them
 * reaches anything but what shares a zone with it, and the machine itself. Fails with NETWORK_NO_SUBNET or NETWORK_NOT_MADE.
 */
import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { HarnessError } from '../../contracts/error.ts'
import { allOrFirstError } from '../all-or-first-error.ts'
import { ask, type Docker } from './docker.ts'
import type { Zone } from './spec.ts'

/** The first two numbers of 10.160.0.0/11, and the third in steps of eight. */
const SECOND = { from: 160, to: 191 }
const STEP = 8

export type ZoneNetwork = { id: string; name: string; subnet: string; prefix: string }
export type ZoneNetworks = ReadonlyMap<Zone, ZoneNetwork>

/** Inclusive range of addresses as numbers. */
type Span = { from: number; to: number }

export async function makeNetworks(docker: Docker, { runId, zones, labels, signal }: { runId: string; zones: readonly Zone[]; labels: Record<string, string>; signal?: AbortSignal | undefined }): Promise<ZoneNetworks> {
  const taken = [...await enginesSpans(docker), ...machinesSpans()]
  for (let second = SECOND.from; second <= SECOND.to; second += 1) {
    for (let third = 0; third < 256; third += STEP) {
      signal?.throwIfAborted()
      const block = spanOf(`10.${second}.${third}.0/21`)!
      if (taken.some((span) => overlap(span, block))) continue
      const made = new Map<Zone, ZoneNetwork>()
      const make = async (zone: Zone, index: number) => {
        const prefix = `10.${second}.${third + index}`
        made.set(zone, await makeNetwork(docker, { name: `tongduyet-${runId}-${zone}`, prefix, labels }))
      }
      try { await make(zones[0]!, 0) } catch (error) {
        // Another run was quicker.
        if (/overlap/iu.test((error as Error).message)) continue
        throw error
      }
      await allOrFirstError(zones.slice(1).map((zone, index) => make(zone, index + 1)))
      return made
    }
  }
  throw new HarnessError({
    code: 'NETWORK_NO_SUBNET', what: `every /21 of 10.${SECOND.from}.0.0/11 overlaps a Docker network or a route of this machine`,
    mend: 'remove Docker networks that nobody uses (docker network ls), or run --target embedded',
  })
}

async function makeNetwork(docker: Docker, { name, prefix, labels }: { name: string; prefix: string; labels: Record<string, string> }): Promise<ZoneNetwork> {
  const subnet = `${prefix}.0/24`
  try {
    const network = await ask(`making the network ${name}`, docker.createNetwork({
      Name: name, CheckDuplicate: true, Driver: 'bridge', Internal: true, Labels: labels, IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: `${prefix}.1` }] },
    }))
    return { id: network.id, name, subnet, prefix }
  } catch (error) {
    if ((error as HarnessError).problem?.code !== 'DOCKER_FAILED') throw error
    throw new HarnessError({
      code: 'NETWORK_NOT_MADE', what: `the network ${name} (${subnet}): ${(error as Error).message}`, mend: 'docker network ls shows what is there; the engine must be able to make bridge networks',
    }, { cause: error })
  }
}

async function enginesSpans(docker: Docker): Promise<Span[]> {
  const networks = await ask('listing networks', docker.listNetworks())
  return networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).flatMap(({ Subnet }) => spanOf(Subnet ?? '') ?? []))
}

function machinesSpans(): Span[] {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).flatMap(({ cidr }) => spanOf(cidr ?? '') ?? []))
  return [...interfaces, ...routes()]
}

/** Destination and mask as the kernel prints them: one little-endian number each. The default route holds everything and says nothing. */
function routes(): Span[] {
  let table: string
  try { table = readFileSync('/proc/net/route', 'utf8') } catch { return [] }
  const number = (hex: string) => Buffer.from(hex, 'hex').readUInt32LE(0)
  return table.trim().split('\n').slice(1).map((line) => line.split('\t')).filter((fields) => fields[7] !== undefined && number(fields[7]) !== 0)
    .map((fields) => ({ from: number(fields[1]!), to: number(fields[1]!) + (2 ** 32 - 1 - number(fields[7]!)) }))
}

function spanOf(cidr: string): Span | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/u.exec(cidr)
  if (!match) return undefined
  const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number]
  const size = 2 ** (32 - bits)
  const from = Math.floor((((a * 256 + b) * 256 + c) * 256 + d) / size) * size
  return { from, to: from + size - 1 }
}

function overlap(one: Span, other: Span): boolean { return one.from <= other.to && other.from <= one.to }
