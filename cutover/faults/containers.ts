/**
 * `container-stop`, `container-pause`, `container-kill`, `container-restart`: one part of the stack is taken away for a while, in order or not, and comes back with what it
 * had on its disk. A process that was started anew is set again as it was: clock, mode, zone, rules. Witness: what clients and the edge saw of it.
 */
import { z } from 'zod'
import { DISTURBANCES, type DisturbanceId } from '../../contracts/disturbances.ts'
import type { StackPlatform } from '../../contracts/platform.ts'
import type { SystemRole } from '../../contracts/target.ts'
import { fault, type FaultContext, type Witnessed } from './fault.ts'
import { at, part, seconds } from './params.ts'
import { lateClients, platformOf, rememberEnd, rememberMoment, rememberUsual, touchedClients } from './touched-clients.ts'

/** Played by the one part `partners`, where they are not parts of their own. */
const PLAYED: readonly SystemRole[] = ['vneid', 'bank', 'sms', 'partner']

function systemsOn({ target }: FaultContext, name: string, parts: readonly string[]): string[] {
  return target.systems.filter(({ id, role, mode }) => mode !== 'absent' && (id === name || (name === 'partners' && PLAYED.includes(role) && !parts.includes(id)))).map(({ id }) => id)
}

async function startAgain(context: FaultContext, name: string): Promise<void> {
  const platform = platformOf(context)
  await platform.start(name)
  await Promise.all(systemsOn(context, name, platform.parts).map((id) => context.setAgain?.(id)))
}

function taken(id: DisturbanceId, lastsS: number, { take, giveBack, witness = touchedClients }: {
  take: (platform: StackPlatform, name: string) => Promise<void>
  giveBack: (context: FaultContext, name: string) => Promise<void>
  witness?: (context: FaultContext, seconds: number) => Promise<Witnessed>
}) {
  const Params = z.strictObject({ part: part('portal'), at: at(), seconds: seconds(lastsS) })
  return fault({
    id, title: DISTURBANCES[id], schema: Params as z.ZodType<z.infer<typeof Params>>, touches: ['processes'],
    phase: (params) => `at-share:${params.at}`,
    lastsMs: (params) => params.seconds * 1_000,
    async inject(context, params) {
      rememberUsual(context)
      rememberMoment(context)
      await take(platformOf(context), params.part)
    },
    async heal(context, params) {
      await giveBack(context, params.part)
      rememberEnd(context)
    },
    witness: (context, params) => witness(context, params.seconds),
  })
}

export const containerStop = taken('container-stop', 3, { take: (platform, name) => platform.stop(name), giveBack: startAgain })
export const containerKill = taken('container-kill', 2, { take: (platform, name) => platform.kill(name), giveBack: startAgain })
/** Whoever asked in its first half waits for the other half at least, if it is no longer than he waits for anybody. */
export const containerPause = taken('container-pause', 3, {
  take: (platform, name) => platform.pause(name), giveBack: (context, name) => platformOf(context).unpause(name), witness: (context, lasts) => lateClients(context, lasts * 500),
})

const Restart = z.strictObject({ part: part('portal'), at: at() })
export const containerRestart = fault({
  id: 'container-restart', title: DISTURBANCES['container-restart'], schema: Restart as z.ZodType<z.infer<typeof Restart>>, touches: ['processes'],
  phase: (params) => `at-share:${params.at}`,
  async inject(context, params) {
    rememberMoment(context)
    await platformOf(context).stop(params.part)
    await startAgain(context, params.part)
    rememberEnd(context)
  },
  heal: (context, params) => platformOf(context).start(params.part),
  witness: touchedClients,
})
