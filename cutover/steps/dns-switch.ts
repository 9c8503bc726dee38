/**
 * `dns.switch {name}`: the portal's record gets the new address; the old edge closes its idle connections and answers `Connection: close` from
 * now on, because a kept-alive connection never asks DNS again. Undo: the old address, and the new edge closes connections instead.
 */
import { z } from 'zod'
import type { StepContext } from './step-action.ts'
import { byRole, edgeIfAny, recordName } from '../systems.ts'
import { needOf, stepAction } from './step-action.ts'

export const dnsSwitchStep = stepAction({
  id: 'dns.switch',
  schema: z.strictObject({ name: z.string().min(1) }),
  describe: ({ name }) => ({ vi: `Chuyển DNS của ${name} sang địa chỉ mới`, en: `Switch the DNS of ${name} to the new address` }),
  needs: (target) => [needOf(target, 'dns-authority', 'zone.set')],
  async run(context, { name }) {
    const { plan, state, ports, facts } = context
    const answer = await point(context, name, 'new')
    state.switchedAt = ports.clock.nowMs()
    Object.assign(facts, { name: recordName(plan.target, name), oldAddress: plan.target.addresses.old, newAddress: plan.target.addresses.new, serial: Number(answer['serial'] ?? Number.NaN) || null })
  },
  async undo(context, { name }) {
    await point(context, name, 'old')
    context.state.switchedAt = null
  },
})

/** What an edge does with kept-alive connections is its operator's business where it cannot be told: those who keep one stay on the old portal. */
async function point({ ports, plan: { target }, facts, signal }: StepContext, name: string, to: 'old' | 'new'): Promise<Record<string, unknown>> {
  const answer = await ports.admin(byRole(target, 'dns-authority').id)
    .control({ action: 'zone.set', name: recordName(target, name), address: target.addresses[to] }, signal)
  for (const [which, close] of [[to === 'new' ? 'old' : 'new', true], [to, false]] as const) {
    const edge = edgeIfAny(target, which)
    if (edge && ports.admin(edge.id).offers(close ? 'connections.close' : 'connections.keep')) await ports.admin(edge.id).control({ action: 'connections.close', close }, signal)
    else facts[`${which}Edge`] = 'not told to close connections'
  }
  return answer
}
