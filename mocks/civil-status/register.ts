/**
 * A civil status register: what is recorded of a person, and orders to record more. Every invented person has a record of birth; the rest follows from
 * what was registered here, per person: nobody is born or dies twice, and nothing is registered after a death but extracts.
 */
import type { z } from 'zod'
import type { CivilRecord, register } from '../../contracts/partner-api/roles/civil-status.ts'
import { personById } from '../../contracts/reference/people.ts'
import { createOrders, type Order, type OrdersOptions } from '../specialised/orders.ts'

export type Registration = z.infer<typeof register.request>
export type CivilRegister = ReturnType<typeof createCivilRegister>

export function createCivilRegister(options: OrdersOptions) {
  const orders = createOrders<Registration>('civil-status', (running) => `HT${String(running).padStart(8, '0')}`, { ended: ['registered', 'refused'], forget }, options)
  const recorded = new Map<string, CivilRecord[]>()

  function forget(forgotten: ReadonlySet<Order<Registration>>): void {
    for (const { number, request: { personId } } of forgotten) {
      const rest = recorded.get(personId)?.filter((record) => record.number !== number) ?? []
      if (rest.length > 0) recorded.set(personId, rest)
      else recorded.delete(personId)
    }
  }

  /** Undefined where nobody has the number. */
  function recordsOf(personId: string): CivilRecord[] | undefined {
    const person = personById(personId)
    if (!person) return undefined
    return [{ kind: 'birth', number: `KS-${personId}`, personId, name: person.name, eventDate: person.birthDate }, ...recorded.get(personId) ?? []]
  }

  function problemOf({ kind, personId }: Registration): string | undefined {
    const records = recordsOf(personId)!
    if (kind === 'extract') return undefined
    if (kind === 'birth') return 'đã có đăng ký khai sinh'
    return records.some((record) => record.kind === 'death') ? 'đã có đăng ký khai tử' : undefined
  }

  function decide(order: Order<Registration>): void {
    const { kind, personId, eventDate } = order.request
    const problem = problemOf(order.request)
    if (problem) { orders.advance(order, 'refused', { note: problem }); return }
    if (kind !== 'extract') {
      const record: CivilRecord = { kind, number: order.number, personId, name: personById(personId)!.name, eventDate: eventDate ?? hanoiDate(orders.now()) }
      recorded.set(personId, [...recorded.get(personId) ?? [], record])
    }
    orders.advance(order, 'registered')
  }

  return {
    orders,
    recordsOf,
    register(registration: Registration) {
      const accepted = orders.accept(registration)
      if (accepted?.created) orders.later(accepted.order, 'decide', () => decide(accepted.order))
      return accepted
    },
    evidence: () => orders.evidence(({ request }) => ({ kind: request.kind, personId: request.personId })),
    forgotten: orders.forgotten,
    pending: orders.pending,
    close: orders.close,
  }
}

function hanoiDate(epochMs: number): string { return new Date(epochMs + 7 * 3_600_000).toISOString().slice(0, 10) }
