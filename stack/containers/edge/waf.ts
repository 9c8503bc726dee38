/**
 * The tuning of an edge's firewall: checked, written, loaded by a reload of the firewall nginx, and in force when `change` returns: every worker of
 * before has stopped listening and the new configuration answers. What does not hold or does not load is refused, and the old tuning stays.
 */
import { rename, writeFile } from 'node:fs/promises'
import { request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { once } from 'node:events'
import type { WafTuning } from '../../../contracts/api/admin.ts'
import type { Daemon } from '../agent/daemon.ts'
import { runOnce } from '../agent/run-once.ts'
import type { EdgeAgentConfig } from './config.ts'
import { firewallConfig } from './nginx-config.ts'
import { PATHS } from './paths.ts'
import { reload } from './reload.ts'
import { wafConfig } from './waf-config.ts'

export type TuningChange = { [Name in keyof WafTuning]?: WafTuning[Name] | undefined }

export class FirewallTuning {
  readonly #config: EdgeAgentConfig
  readonly #ruleIds: ReadonlySet<string>
  #tuning: WafTuning
  #generation = 1
  #turn: Promise<unknown> = Promise.resolve()

  constructor(config: EdgeAgentConfig, ruleIds: ReadonlySet<string>) {
    this.#config = config
    this.#ruleIds = ruleIds
    this.#tuning = config.tuning
  }

  get current(): WafTuning { return this.#tuning }

  /** Before the firewall starts. */
  async prepare(): Promise<void> {
    this.#check(this.#tuning)
    await this.#write(this.#tuning, this.#generation)
  }

  serves(): Promise<boolean> { return answers(PATHS.firewallInside, String(this.#generation)) }

  /** One at a time. */
  change(change: TuningChange, firewall: Daemon): Promise<void> {
    const mine = this.#turn.then(() => this.#change(change, firewall))
    this.#turn = mine.catch(() => {})
    return mine
  }

  async #change(change: TuningChange, firewall: Daemon): Promise<void> {
    const { paranoia = this.#tuning.paranoia, exclusions = this.#tuning.exclusions, strict = this.#tuning.strict } = change
    const next: WafTuning = { paranoia, exclusions, strict }
    if (JSON.stringify(next) === JSON.stringify(this.#tuning)) return
    this.#check(next)
    const generation = this.#generation + 1
    await this.#write(next, generation)
    try { await runOnce('nginx', ['-t', '-q', '-c', PATHS.firewall]) } catch (error) {
      await this.#write(this.#tuning, this.#generation)
      throw new Error(`the firewall does not take this tuning: ${(error as Error).message}`, { cause: error })
    }
    this.#generation = generation
    this.#tuning = next
    await reload(firewall, 'the firewall\'s new tuning', () => this.serves())
  }

  #check({ exclusions }: WafTuning): void {
    const unknown = [...new Set(exclusions.map(({ ruleId }) => ruleId).filter((id) => !this.#ruleIds.has(id)))]
    if (unknown.length > 0) throw new Error(`no rule of the core rule set that could be left out: ${unknown.join(', ')}`)
  }

  async #write(tuning: WafTuning, generation: number): Promise<void> {
    await replaceFile(PATHS.waf, wafConfig(tuning, this.#config.origins))
    await replaceFile(PATHS.firewall, firewallConfig(this.#config, generation))
  }
}

export async function replaceFile(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content)
  await rename(`${path}.new`, path)
}

/** Whether the nginx behind a unix socket answers, and with this. */
export async function answers(socketPath: string, expected: string): Promise<boolean> {
  try {
    const asking = request({ socketPath, path: '/', agent: false, timeout: 2_000 })
    asking.once('timeout', () => asking.destroy(new Error('no answer')))
    asking.end()
    const [response] = await once(asking, 'response') as [IncomingMessage]
    return await text(response) === expected
  } catch { return false }
}
