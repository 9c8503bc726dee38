/** Land (VBDLIS): look-up of a parcel, and the registration of a change, which asks tax for the financial obligation and waits until it is paid. */
import { z } from 'zod'
import { personOf } from '../../reference/people.ts'
import { defineOperation, RefusalBody, type RefusalCase } from '../operation.ts'
import type { OutgoingCall, RoleContract } from '../role.ts'
import { Confirmation, confirmation, SENDER_MISMATCH } from './dossier-system/results.ts'
import { confirmCall, EXAMPLE_AT, EXAMPLE_CALLBACK, EXAMPLE_DOSSIER, ORDER_ANSWERS, ORDER_FIELDS, ORDER_UNKNOWN, REFERENCE_TAKEN, SENDER_HEADER, STATE_ANSWERS, StateRequest } from './specialised.ts'
import { assess } from './tax.ts'

export const LAND_CHANGES = ['transfer', 'inheritance'] as const
export const LAND_STATUSES = ['accepted', 'obligation-asked', 'obligation-issued', 'registered', 'refused'] as const
const PARCEL_UNKNOWN: RefusalCase = { status: 404, when: { vi: 'không có thửa đất này', en: 'there is no such parcel' } }
const PARCEL_FIELDS = { unitCode: z.string().min(1), mapSheet: z.coerce.number().int().min(1), parcelNumber: z.coerce.number().int().min(1) }
const EXAMPLE_PARCEL = { unitCode: 'H01', mapSheet: 12, parcelNumber: 345 }

export const Parcel = z.object({ unitCode: z.string(), mapSheet: z.int(), parcelNumber: z.int(), areaM2: z.int(), use: z.string(), pricePerM2Vnd: z.int() })
export type Parcel = z.infer<typeof Parcel>

export const parcel = defineOperation({
  name: 'parcel', method: 'GET', path: '/v1/parcels', takes: 'query', request: z.object(PARCEL_FIELDS),
  answers: { 200: Parcel, 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Tra cứu thửa đất theo tờ bản đồ và số thửa', en: 'Looks up a parcel by map sheet and number' },
  refuses: { PARCEL_UNKNOWN },
  examples: [{ title: { vi: 'Một thửa', en: 'One parcel' }, status: 200, request: EXAMPLE_PARCEL, answer: EXAMPLE_PARCEL }],
})

export const change = defineOperation({
  name: 'change', method: 'POST', path: '/v1/changes', takes: 'json',
  request: z.strictObject({ ...ORDER_FIELDS, unitCode: PARCEL_FIELDS.unitCode, mapSheet: z.int().min(1), parcelNumber: z.int().min(1), kind: z.enum(LAND_CHANGES), payerId: z.string().min(1) }),
  answers: { ...ORDER_ANSWERS, 404: RefusalBody },
  summary: {
    vi: 'Đăng ký biến động đất đai cho hồ sơ: hỏi cơ quan thuế nghĩa vụ tài chính, đăng ký sau khi đã nộp', en: 'Registers a change of a parcel for a dossier: asks tax for the financial obligation, registers once it is paid',
  },
  refuses: { PARCEL_UNKNOWN, REFERENCE_TAKEN },
  examples: [{
    title: { vi: 'Chuyển nhượng', en: 'A transfer' }, status: 202, answer: { number: 'DD00000001' },
    request: { reference: 'example-change', dossierCode: EXAMPLE_DOSSIER, callbackUrl: EXAMPLE_CALLBACK, ...EXAMPLE_PARCEL, kind: 'transfer', payerId: personOf(1).personId },
  }],
})

export const changeState = defineOperation({
  name: 'change-state', method: 'GET', path: '/v1/changes', takes: 'query', request: StateRequest, answers: STATE_ANSWERS,
  summary: { vi: `Tình trạng: ${LAND_STATUSES.join(', ')}`, en: `What has become of it: ${LAND_STATUSES.join(', ')}` },
  refuses: { ORDER_UNKNOWN },
  examples: [{ title: { vi: 'Chuyển nhượng', en: 'The transfer' }, status: 200, request: { reference: 'example-change' }, answer: { number: 'DD00000001' } }],
})

/** The same form in which land itself confirms to dossier systems. */
export const taxConfirmation = defineOperation({
  name: 'tax-confirmation', method: 'POST', path: '/v1/confirmations', takes: 'json', request: Confirmation, signed: true,
  answers: confirmation.answers,
  summary: { vi: 'Cơ quan thuế báo lại: đã ra thông báo, miễn, đã nộp', en: 'Tax confirms: issued, exempt, paid' },
  refuses: { ORDER_UNKNOWN, SENDER_MISMATCH },
  examples: [],
})

const askTax: OutgoingCall = {
  ...assess, to: 'tax', after: 'change', path: '', signed: true,
  summary: { vi: 'Hỏi cơ quan thuế nghĩa vụ tài chính của thửa đất (`assess` của vai trò thuế)', en: 'Asks tax for the financial obligation of a parcel (`assess` of the role tax)' },
}

export const LAND: RoleContract = {
  id: 'land', version: '1.0', senderHeader: SENDER_HEADER,
  title: { vi: 'Hệ thống đất đai (VBDLIS)', en: 'Land system' },
  description: { vi: 'Tra cứu thửa đất, đăng ký biến động, liên thông thuế.', en: 'Looks up parcels and registers changes, linked with tax.' },
  operations: [parcel, change, changeState, taxConfirmation],
  calls: [
    confirmCall('land', 'change', ['obligation-issued', 'registered', 'refused'], { reference: 'example-change', number: 'DD00000001', status: 'registered', sequence: 2, at: EXAMPLE_AT, amountVnd: null, note: '' }),
    askTax,
  ],
}
