/**
 * An edge in its container: nginx with ModSecurity, seen from outside as `stack/network/edge` is, and over TLS for partners where it has a certificate. Writes the
 * configurations, runs each nginx, speaks the administration interface: `waf.get`, `waf.tune`, `connections.close`, `certificate.set`, `clock`; `waf.set` is refused.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import type { Control } from '../../../contracts/api/admin.ts'
import { startDaemon, type Daemon } from '../agent/daemon.ts'
import { runAgent, type RunningAgent } from '../agent/run-agent.ts'
import { until } from '../agent/until.ts'
import { EdgeCertificate } from './certificate.ts'
import { EdgeAgentConfig } from './config.ts'
import { coreRuleIds } from './core-rules.ts'
import { edgeLogs } from './logs.ts'
import { frontConfig, tlsFrontConfig } from './nginx-config.ts'
import { PATHS } from './paths.ts'
import { reload } from './reload.ts'
import { answers, FirewallTuning } from './waf.ts'

const START_MS = 30_000
/** What nginx says where it could not write a line of its log. */
const LOST_LINE = /(?:write|writev)\(\) to ".*" (?:failed|was incomplete)/

async function startEdgeAgent(config: EdgeAgentConfig): Promise<RunningAgent> {
  // A container that was killed and started again finds its old sockets; its logs are kept.
  await rm(PATHS.run, { recursive: true, force: true })
  for (const directory of [PATHS.home, PATHS.run, PATHS.logs]) await mkdir(directory, { recursive: true })
  for (const log of [PATHS.access, PATHS.audit]) await writeFile(log, '', { flag: 'a' })
  const tuning = new FirewallTuning(config, await coreRuleIds(PATHS.coreRules))
  await tuning.prepare()
  await writeFile(PATHS.front, frontConfig(config))
  const certificate = config.tls && new EdgeCertificate(config.tls)
  if (config.tls) await certificate!.prepare(tlsFrontConfig(config, config.tls))
  const logs = edgeLogs({ access: PATHS.access, audit: PATHS.audit }, config.origins)

  const noticeLoss = (line: string) => { if (LOST_LINE.test(line)) logs.damage(line) }
  const firewall = startDaemon('nginx', ['-c', PATHS.firewall], noticeLoss)
  const unless = <T>(work: Promise<T>, ended: Promise<string>) => Promise.race([work, ended.then((reason) => { throw new Error(reason) })])
  // Who takes a connection before the firewall is there, or after it has gone, answers for a portal that nobody asked.
  try { await unless(until('the firewall to serve', () => tuning.serves(), START_MS), firewall.ended) } catch (error) { await firewall.stop(); throw error }
  const front = startDaemon('nginx', ['-c', PATHS.front], noticeLoss)
  const tlsFront = certificate && startDaemon('nginx', ['-c', PATHS.tls], noticeLoss)
  const fronts = [front, ...tlsFront ? [tlsFront] : []]
  const daemons = [...fronts, firewall]
  const ended = Promise.race(daemons.map((daemon) => daemon.ended))
  const close = async () => { for (const daemon of daemons) await daemon.stop() }
  const ready = async () => await tuning.serves() && await answers(PATHS.frontInside, 'serving') && (!tlsFront || await answers(PATHS.tlsInside, 'serving'))
  const showCertificate = certificate && tlsFront && ((pem: string) => certificate.set(pem, tlsFront))
  const settings = { tuning, firewall, fronts, logs, showCertificate }
  try { await unless(until('nginx to serve', ready, START_MS), ended) } catch (error) { await close(); throw error }

  return {
    ended, close,
    admin: {
      system: config.id, ready, pending: () => 0,
      served: logs.served,
      evidence: () => logs.rows(),
      daemon: () => {
        const usages = daemons.map((daemon) => daemon.usage())
        return { cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0), rssBytes: usages.reduce((sum, { rssBytes }) => sum + rssBytes, 0) }
      },
      control: (control) => steer(control, settings),
    },
  }
}

type Settings = { tuning: FirewallTuning; firewall: Daemon; fronts: readonly Daemon[]; logs: ReturnType<typeof edgeLogs>; showCertificate: ((pem: string) => Promise<{ validTo: string }>) | undefined }

async function steer(control: Control, { tuning, firewall, fronts, logs, showCertificate }: Settings): Promise<unknown> {
  const told = async () => ({ engine: 'modsecurity', ...tuning.current, blocked: await logs.blocked() })
  switch (control.action) {
    case 'clock': return {}
    case 'waf.get': return told()
    case 'waf.set': throw new Error('this edge has ModSecurity, whose rules are no JavaScript patterns; steer it with waf.tune {paranoia, exclusions, strict}')
    case 'waf.tune': {
      const { action: _, ...change } = control
      await tuning.change(change, firewall)
      return told()
    }
    case 'connections.close':
      // nginx looks for the file at each request, so it holds from the next answer on; who says nothing has to be told by the reload.
      if (control.close) await writeFile(PATHS.closing, '')
      else await rm(PATHS.closing, { force: true })
      if (control.close) await Promise.all(fronts.map((front) => reload(front, 'the idle connections to be closed')))
      return { close: control.close }
    case 'certificate.set':
      if (!showCertificate) throw new Error('this edge speaks no TLS')
      return showCertificate(control.certificate)
    default: return undefined
  }
}

await runAgent(EdgeAgentConfig, startEdgeAgent)
