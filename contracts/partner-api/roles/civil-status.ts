/** Civil status (hộ tịch): records of a person, and the registration of an event for a dossier that was accepted. */
import { z } from 'zod'
import { personOf } from '../../reference/people.ts'
import { defineOperation, RefusalBody } from '../operation.ts'
import type { RoleContract } from '../role.ts'
import { confirmCall, EXAMPLE_AT, EXAMPLE_CALLBACK, EXAMPLE_DOSSIER, ORDER_ANSWERS, ORDER_FIELDS, ORDER_UNKNOWN, PERSON_UNKNOWN, REFERENCE_TAKEN, SENDER_HEADER, STATE_ANSWERS, StateRequest } from './specialised.ts'

export const RECORD_KINDS = ['birth', 'marriage', 'death'] as const
/** An `extract` copies what is recorded; the others record an event. */
export const REGISTRATION_KINDS = [...RECORD_KINDS, 'extract'] as const
export const REGISTRATION_STATUSES = ['accepted', 'registered', 'refused'] as const
const { personId } = personOf(1)

export const CivilRecord = z.object({ kind: z.enum(RECORD_KINDS), number: z.string(), personId: z.string(), name: z.string(), eventDate: z.iso.date() })
export type CivilRecord = z.infer<typeof CivilRecord>

export const records = defineOperation({
  name: 'records', method: 'GET', path: '/v1/records', takes: 'query', request: z.object({ personId: z.string().min(1) }),
  answers: { 200: z.object({ records: z.array(CivilRecord) }), 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Tra cứu các việc hộ tịch đã ghi của một người', en: 'Looks up what is recorded of a person' },
  refuses: { PERSON_UNKNOWN },
  examples: [{ title: { vi: 'Một người', en: 'One person' }, status: 200, request: { personId } }],
})

export const register = defineOperation({
  name: 'register', method: 'POST', path: '/v1/registrations', takes: 'json',
  request: z.strictObject({ ...ORDER_FIELDS, kind: z.enum(REGISTRATION_KINDS), personId: z.string().min(1), eventDate: z.iso.date().optional() }),
  answers: { ...ORDER_ANSWERS, 404: RefusalBody },
  summary: { vi: 'Đăng ký việc hộ tịch hoặc cấp bản sao trích lục cho hồ sơ đã tiếp nhận; kết quả báo lại sau', en: 'Registers an event, or makes an extract, for an accepted dossier; what became of it is confirmed later' },
  refuses: { PERSON_UNKNOWN, REFERENCE_TAKEN },
  examples: [{
    title: { vi: 'Bản sao trích lục', en: 'An extract' }, status: 202, answer: { number: 'HT00000001', status: 'accepted' },
    request: { reference: 'example-extract', dossierCode: EXAMPLE_DOSSIER, callbackUrl: EXAMPLE_CALLBACK, kind: 'extract', personId },
  }],
})

export const registration = defineOperation({
  name: 'registration', method: 'GET', path: '/v1/registrations', takes: 'query', request: StateRequest, answers: STATE_ANSWERS,
  summary: { vi: 'Tình trạng của yêu cầu: accepted, registered, refused', en: 'What has become of an order: accepted, registered, refused' },
  refuses: { ORDER_UNKNOWN },
  examples: [{ title: { vi: 'Bản sao trích lục', en: 'The extract' }, status: 200, request: { reference: 'example-extract' }, answer: { number: 'HT00000001' } }],
})

export const CIVIL_STATUS: RoleContract = {
  id: 'civil-status', version: '1.0', senderHeader: SENDER_HEADER,
  title: { vi: 'Hệ thống hộ tịch', en: 'Civil status system' },
  description: { vi: 'Tra cứu và đăng ký hộ tịch cho hồ sơ, báo lại hệ thống giải quyết TTHC.', en: 'Looks up and registers civil status for a dossier, and confirms to the dossier system.' },
  operations: [records, register, registration],
  calls: [confirmCall('civil-status', 'register', ['registered', 'refused'], { reference: 'example-extract', number: 'HT00000001', status: 'registered', sequence: 1, at: EXAMPLE_AT, amountVnd: null, note: '' })],
}
