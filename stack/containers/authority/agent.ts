/**
 * The authority of the portal's zone in its container: Knot, changed by knotc's zone transactions, so that the serial grows with every change and only
 * then. `zone.set` and `zone.get` speak of nominal TTLs as the embedded authority does and add `wireTtlS`, the one that goes out; a `clock` with another
 * time scale changes the latter. A control answers when Knot serves what it says.
 */
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isIPv4 } from 'node:net'
import type { Control } from '../../../contracts/api/admin.ts'
import type { EvidenceRow } from '../../../contracts/evidence.ts'
import { canonicalName } from '../../network/dns/message.ts'
import { createDnsClient, type DnsClient } from '../../network/dns/udp-client.ts'
import { startDaemon } from '../agent/daemon.ts'
import { runAgent, type RunningAgent } from '../agent/run-agent.ts'
import { runOnce } from '../agent/run-once.ts'
import { until } from '../agent/until.ts'
import { wireTtlS } from '../dns-wire-ttl.ts'
import { DomainName } from '../resolver/config.ts'
import { AuthorityAgentConfig, FIRST_SERIAL, knotConfig, PATHS, TtlS, zoneFile, ZoneState } from './config.ts'

const START_MS = 20_000
const SERVED_MS = 10_000
const LOOPBACK = '127.0.0.1'

async function startAuthorityAgent(config: AuthorityAgentConfig): Promise<RunningAgent> {
  const zone = await KnotZone.open(config)
  const knot = startDaemon('knotd', ['-c', PATHS.config])
  const dns = await createDnsClient({ localAddress: LOOPBACK })
  const close = async () => { await knot.stop(); await dns.close() }
  const serves = (serial: number) => servedSerial(dns, config).then((served) => served === serial, () => false)
  const ready = () => serves(zone.state.serial)
  try {
    await Promise.race([until('Knot to serve the zone', ready, START_MS), knot.ended.then((reason) => { throw new Error(reason) })])
  } catch (error) { await close(); throw error }

  let turn: Promise<unknown> = Promise.resolve()
  /** One change at a time: Knot has one transaction a zone. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }
  const changed = (change: () => Promise<void>) => inTurn(async () => {
    await change()
    await until(`Knot to serve the serial ${zone.state.serial}`, ready, SERVED_MS)
  })

  return {
    ended: knot.ended, close,
    admin: {
      system: config.id, ready, pending: () => 0, daemon: knot.usage, served,
      evidence: () => zone.rows(),
      control: async (control: Control): Promise<unknown> => {
        switch (control.action) {
          case 'clock': await changed(() => zone.scale(control.timeScale)); return {}
          case 'zone.set': await changed(() => zone.set(control.name, control)); return zone.get(control.name)
          case 'zone.get': return zone.get(control.name)
          default: return undefined
        }
      },
    },
  }
}

/** Questions answered over UDP and TCP since Knot's start; a counter that has not moved is not printed. */
async function served(): Promise<number> {
  const stats = await runOnce('knotc', ['-c', PATHS.config, 'stats', 'mod-stats.request-protocol'])
  return [...stats.matchAll(/request-protocol\[[^\]]+\] = (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
}

async function servedSerial(dns: DnsClient, { port, zone }: AuthorityAgentConfig): Promise<number | undefined> {
  const packet = await dns.ask({ host: LOOPBACK, port }, { type: 'SOA', name: zone.origin })
  for (const record of packet.answers ?? []) if (record.type === 'SOA') return record.data.serial
  return undefined
}

class KnotZone {
  readonly #config: AuthorityAgentConfig
  #state: ZoneState

  private constructor(config: AuthorityAgentConfig, state: ZoneState) {
    this.#config = config
    this.#state = state
  }

  get state(): ZoneState { return this.#state }

  /** A container that was restarted goes on with the zone that it had. */
  static async open(config: AuthorityAgentConfig): Promise<KnotZone> {
    const kept = await readFile(PATHS.state, 'utf8').catch((error: NodeJS.ErrnoException) => { if (error.code !== 'ENOENT') throw error })
    const state = kept === undefined ? { v: 1 as const, serial: FIRST_SERIAL, timeScale: config.timeScale, hosts: config.zone.hosts } : ZoneState.parse(JSON.parse(kept))
    const outside = [config.zone.nameserver, ...state.hosts].filter(({ name }) => !name.endsWith(`.${config.zone.origin}`))
    if (outside.length > 0) throw new Error(`not of the zone ${config.zone.origin}: ${outside.map(({ name }) => name).join(', ')}`)
    const zone = new KnotZone(config, state)
    await rm(PATHS.run, { recursive: true, force: true })
    await mkdir(PATHS.run, { recursive: true })
    await writeFile(PATHS.config, knotConfig(config))
    await writeFile(PATHS.zoneFile, zoneFile(config, state))
    const [uid, gid] = [Number(await runOnce('id', ['-u', 'knot'])), Number(await runOnce('id', ['-g', 'knot']))]
    for (const path of [PATHS.run, PATHS.zoneFile]) await chown(path, uid, gid)
    await zone.#keep()
    return zone
  }

  get(asked: string) {
    const { origin, nameserver } = this.#config.zone
    const name = canonicalName(asked)
    const host = this.#state.hosts.find((candidate) => candidate.name === name)
    if (!host) throw new Error(`${asked} is not in the zone ${origin}, which has ${[nameserver, ...this.#state.hosts].map((record) => record.name).join(', ')}`)
    return { ...host, serial: this.#state.serial, wireTtlS: wireTtlS(host.ttlS, this.#state.timeScale) }
  }

  async set(asked: string, change: { address?: string | undefined; ttlS?: number | undefined }): Promise<void> {
    const { origin, nameserver } = this.#config.zone
    const name = canonicalName(asked)
    const before = this.#state.hosts.find((host) => host.name === name)
    if (!DomainName.safeParse(name).success || !name.endsWith(`.${origin}`) || name === nameserver.name) throw new Error(`${asked} does not belong to the zone ${origin}`)
    const address = change.address ?? before?.address
    if (address === undefined) throw new Error(`${asked} is not in the zone ${origin}, so it needs an address`)
    if (!isIPv4(address)) throw new Error(`"${address}" is no IP address for ${asked}`)
    const ttlS = change.ttlS ?? before?.ttlS ?? 3_600
    if (!TtlS.safeParse(ttlS).success) throw new Error(`TTL ${ttlS} of ${asked} is not a whole number of seconds from 0 to 604800`)
    if (before && before.address === address && before.ttlS === ttlS) return
    await this.#commit({ ...this.#state, hosts: [...this.#state.hosts.filter((host) => host !== before), { name, address, ttlS }] }, [name])
  }

  async scale(timeScale: number): Promise<void> {
    if (!(timeScale > 0)) throw new Error(`a time scale of ${timeScale}`)
    const moved = this.#state.hosts.filter(({ ttlS }) => wireTtlS(ttlS, timeScale) !== wireTtlS(ttlS, this.#state.timeScale)).map(({ name }) => name)
    await this.#commit({ ...this.#state, timeScale }, moved)
  }

  /** One transaction; the serial grows by one, also where only the nominal TTL of a record changed. */
  async #commit(next: ZoneState, names: readonly string[]): Promise<void> {
    if (names.length > 0) {
      const { origin, nameserver } = this.#config.zone
      const serial = this.#state.serial + 1
      const knotc = (...args: string[]) => runOnce('knotc', ['-c', PATHS.config, ...args])
      await knotc('zone-begin', `${origin}.`)
      try {
        for (const name of names) {
          const { address, ttlS } = next.hosts.find((host) => host.name === name)!
          if (this.#state.hosts.some((host) => host.name === name)) await knotc('zone-unset', `${origin}.`, `${name}.`, 'A')
          await knotc('zone-set', `${origin}.`, `${name}.`, String(wireTtlS(ttlS, next.timeScale)), 'A', address)
        }
        await knotc('zone-unset', `${origin}.`, '@', 'SOA')
        await knotc('zone-set', `${origin}.`, '@', '1', 'SOA', `${nameserver.name}. hostmaster.${origin}. ${serial} 900 300 604800 1`)
        await knotc('zone-commit', `${origin}.`)
      } catch (error) {
        await knotc('zone-abort', `${origin}.`).catch(() => {})
        throw error
      }
      next = { ...next, serial }
    }
    this.#state = next
    await this.#keep()
  }

  async #keep(): Promise<void> {
    await writeFile(`${PATHS.state}.new`, JSON.stringify(this.#state))
    await rename(`${PATHS.state}.new`, PATHS.state)
  }

  *rows(): Iterable<EvidenceRow> {
    const seenAt = Date.now()
    const { serial, hosts } = this.#state
    const { nameserver } = this.#config.zone
    for (const { name, address, ttlS } of [{ ...nameserver, ttlS: 86_400 }, ...hosts]) yield { key: `record/${name}`, status: address, fields: { name, ttlS, serial }, seenAt }
  }
}

await runAgent(AuthorityAgentConfig, startAuthorityAgent)
