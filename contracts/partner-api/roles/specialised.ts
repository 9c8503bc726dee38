/**
 * What the specialised systems (civil status, land, tax) and the post have in common: they take an order for a dossier, at once and once for each
 * reference, work on it, and confirm what became of it by a signed callback to the address that came with the order, repeated until it is answered 2xx.
 */
import { z } from 'zod'
import { RefusalBody, type Example, type RefusalCase } from '../operation.ts'
import type { OutgoingCall } from '../role.ts'
import { Confirmation, type SPECIALISED_SYSTEMS } from './dossier-system/results.ts'
import { EXAMPLE } from './dossier-system/terms.ts'

export type SpecialisedSystem = (typeof SPECIALISED_SYSTEMS)[number]

/** In every order. */
export const ORDER_FIELDS = { reference: z.string().min(1), dossierCode: z.string().min(1), callbackUrl: z.url({ protocol: /^https?$/ }) }

export const OrderState = z.object({ number: z.string(), reference: z.string(), dossierCode: z.string(), status: z.string(), at: z.number(), amountVnd: z.int().nullable() })
export type OrderState = z.infer<typeof OrderState>

export const ORDER_ANSWERS = { 200: OrderState, 202: OrderState, 400: RefusalBody, 409: RefusalBody }
export const STATE_ANSWERS = { 200: OrderState, 400: RefusalBody, 404: RefusalBody }
export const REFERENCE_TAKEN: RefusalCase = { status: 409, when: { vi: 'mã tham chiếu đã dùng cho yêu cầu khác', en: 'the reference was used for another order' } }
export const ORDER_UNKNOWN: RefusalCase = { status: 404, when: { vi: 'không có yêu cầu với mã tham chiếu này', en: 'there is no order of this reference' } }
export const PERSON_UNKNOWN: RefusalCase = { status: 404, when: { vi: 'không có người mang số định danh này', en: 'nobody has this personal number' } }

export const StateRequest = z.object({ reference: z.string().min(1) })

/** The header in which they say who they are. */
export const SENDER_HEADER = 'x-system'
export const EXAMPLE_CALLBACK = 'http://127.0.0.1:9/v1/confirmations'
export const EXAMPLE_DOSSIER = EXAMPLE.forwardedCode
export const EXAMPLE_AT = EXAMPLE.at

export function confirmCall(system: SpecialisedSystem, after: string, statuses: readonly string[], example: Omit<Confirmation, 'system' | 'dossierCode'>): OutgoingCall {
  const exchange: Example = { title: { vi: 'Báo kết quả', en: 'What became of it' }, status: 200, request: { system, dossierCode: EXAMPLE_DOSSIER, ...example } }
  return {
    name: 'confirm', to: 'caller', after, method: 'POST', path: '', takes: 'json', request: Confirmation, signed: true,
    answers: { 200: null, 202: null, 204: null },
    summary: {
      vi: `Báo lại hệ thống đã gửi yêu cầu: ${statuses.join(', ')}; \`sequence\` tăng dần, gửi lại đến khi nhận 2xx`,
      en: `Tells whoever ordered what became of it: ${statuses.join(', ')}; \`sequence\` grows; again until it is answered 2xx`,
    },
    examples: [exchange],
  }
}
