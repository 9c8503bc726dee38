/**
 * A region's resolver in its container: Unbound in one of the profiles, asking the authority for the portal's zone. Speaks the administration interface of
 * the embedded resolver: `clock` (a new time scale changes what the profile means in real seconds), `resolver.pin`, `resolver.flush`, `resolver.stale`.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { isIPv4 } from 'node:net'
import type { Control } from '../../../contracts/api/admin.ts'
import { canonicalName } from '../../network/dns/message.ts'
import { startDaemon } from '../agent/daemon.ts'
import { runAgent, type RunningAgent } from '../agent/run-agent.ts'
import { until } from '../agent/until.ts'
import { wireTtlS } from '../dns-wire-ttl.ts'
import { cacheSettings, DomainName, PATHS, ResolverAgentConfig, unboundConfig } from './config.ts'
import { staleCache } from './stale-cache.ts'
import { unboundControl } from './unbound-control.ts'

const START_MS = 20_000
/** A pinned address goes out with the TTL that a portal has around a switch. */
const PINNED_TTL_S = 60

async function startResolverAgent(config: ResolverAgentConfig): Promise<RunningAgent> {
  await rm(PATHS.control, { force: true })
  await mkdir(PATHS.home, { recursive: true })
  await writeFile(PATHS.config, unboundConfig(config))
  const unbound = startDaemon('unbound', ['-d', '-c', PATHS.config])
  const ask = (command: string, data?: readonly string[]) => unboundControl(PATHS.control, command, data)
  const ready = () => ask('status').then((answer) => answer.includes('is running'), () => false)
  try {
    await Promise.race([until('Unbound to serve', ready, START_MS), unbound.ended.then((reason) => { throw new Error(reason) })])
  } catch (error) { await unbound.stop(); throw error }

  let { timeScale } = config
  async function steer(control: Control): Promise<unknown> {
    switch (control.action) {
      case 'clock': {
        if (control.timeScale !== timeScale) {
          for (const [name, value] of Object.entries(cacheSettings(config.profile, control.timeScale))) await ask(`set_option ${name}: ${value}`)
          timeScale = control.timeScale
        }
        return { startedAtMs: control.startedAtMs, timeScale, scenarioStartMs: control.scenarioStartMs }
      }
      case 'resolver.pin': {
        const name = nameIn(control.name)
        if (control.address === undefined) {
          await ask(`local_zone_remove ${name}.`)
          await ask(`flush ${name}.`)
        } else {
          // Only its addresses are held; other types of the name still come from the authority.
          if (!isIPv4(control.address)) throw new Error(`"${control.address}" is no IPv4 address`)
          await ask(`local_data_remove ${name}.`)
          await ask(`local_zone ${name}. typetransparent`)
          await ask(`local_data ${name}. ${wireTtlS(PINNED_TTL_S, timeScale)} IN A ${control.address}`)
        }
        return { name, address: control.address ?? null }
      }
      case 'resolver.flush': await ask('flush_zone .'); return {}
      case 'resolver.stale': {
        const name = nameIn(control.name)
        // What is cached has its end as a span of real seconds; here it is not cut to 5 s, since it stands for a cache of long ago.
        await ask('load_cache', staleCache(name, control.address, Math.max(1, Math.round(control.ttlS / timeScale))))
        return { name, address: control.address, ttlS: control.ttlS }
      }
      default: return undefined
    }
  }

  function nameIn(text: string): string {
    const name = canonicalName(text)
    if (!DomainName.safeParse(name).success || (name !== config.zone && !name.endsWith(`.${config.zone}`))) throw new Error(`"${text}" is no name of the zone ${config.zone}`)
    return name
  }

  return {
    ended: unbound.ended,
    close: unbound.stop,
    admin: {
      system: config.id, ready, pending: () => 0, control: steer, daemon: unbound.usage,
      served: async () => Number(/^total\.num\.queries=(\d+)$/m.exec(await ask('stats_noreset'))?.[1] ?? Number.NaN),
      // What it answers is asked from outside, by the DNS watch.
      evidence: () => [],
    },
  }
}

await runAgent(ResolverAgentConfig, startResolverAgent)
