/**
 * The telecoms' SMS brandname gateways, one row of data each: sender names, registered templates, limits, and the vendor's own table of codes. The
 * vendors' guides are not public: names, templates and codes are assumed, and are what a vendor replaces first. The second row shows how far apart two
 * vendors can be: templates are demanded and codes are numbers.
 */
import type { Text } from '../text.ts'

/** Why a message did not reach the handset. */
export const SMS_FAILURES = [
  'absent-subscriber', 'unknown-subscriber', 'blocked-subscriber', 'blocked-brandname', 'rejected-content', 'network-failure', 'expired',
] as const
export type SmsFailure = (typeof SMS_FAILURES)[number]
export const SMS_RESULTS = ['accepted', 'delivered', ...SMS_FAILURES] as const
export type SmsResult = (typeof SMS_RESULTS)[number]

export type SmsTemplate = {
  id: string
  brandname: string
  /** With `{name}` for each parameter. */
  text: string
  /** The longest value of each parameter, in characters. */
  parameters: Readonly<Record<string, number>>
}

export type SmsGatewayRow = {
  /** The system's id in a target. */
  id: string
  title: Text
  /** The first is used where a message names none. A blocked one is taken and fails on the way. */
  brandnames: readonly { name: string; state: 'active' | 'blocked' }[]
  templates: readonly SmsTemplate[]
  /** Only texts of registered templates are sent. */
  templatesDemanded: boolean
  maxSegments: number
  /** The vendor's code for each result, and what its guide calls it. */
  codes: Readonly<Record<SmsResult, { code: string; text: Text }>>
  /** Whether the receipt of a delivered message carries the code too, or only that of a failed one. */
  codeOnDelivery: boolean
}

const TEXTS: Readonly<Record<SmsResult, Text>> = {
  'accepted': { vi: 'đã nhận, chưa gửi', en: 'accepted, not sent yet' },
  'delivered': { vi: 'đã đến máy', en: 'delivered to the handset' },
  'absent-subscriber': { vi: 'thuê bao tắt máy hoặc ngoài vùng phủ sóng', en: 'subscriber absent' },
  'unknown-subscriber': { vi: 'số không tồn tại', en: 'unknown subscriber' },
  'blocked-subscriber': { vi: 'thuê bao từ chối nhận tin', en: 'subscriber refuses messages' },
  'blocked-brandname': { vi: 'thương hiệu bị chặn', en: 'brandname blocked' },
  'rejected-content': { vi: 'nội dung bị từ chối', en: 'content rejected' },
  'network-failure': { vi: 'lỗi mạng', en: 'network failure' },
  'expired': { vi: 'quá hạn gửi', en: 'validity expired' },
}

function codes(own: Readonly<Record<SmsResult, string>>): SmsGatewayRow['codes'] {
  return Object.fromEntries(SMS_RESULTS.map((result) => [result, { code: own[result], text: TEXTS[result] }])) as SmsGatewayRow['codes']
}

const TEMPLATES: readonly SmsTemplate[] = [
  { id: 'dossier-received', brandname: 'DVCQG', text: '[Dien tap] Ho so {dossierCode} da duoc ghi nhan. Tin nhan thu, khong co gia tri.', parameters: { dossierCode: 30 } },
  { id: 'fee-due', brandname: 'DVCQG', text: '[Dien tap] Ho so {dossierCode} can nop {amountVnd} dong truoc ngay {day}. Tin nhan thu, khong co gia tri.', parameters: { dossierCode: 30, amountVnd: 17, day: 10 } },
  { id: 'result-ready', brandname: 'DVCQG', text: '[Diễn tập] Hồ sơ {dossierCode} đã có kết quả. Tin nhắn thử, không có giá trị.', parameters: { dossierCode: 30 } },
]

export const SMS_GATEWAYS: readonly SmsGatewayRow[] = [
  {
    id: 'sms', title: { vi: 'Cổng tin nhắn thương hiệu', en: 'SMS brandname gateway' },
    brandnames: [{ name: 'DVCQG', state: 'active' }, { name: 'DVCQG-CU', state: 'blocked' }], templates: TEMPLATES, templatesDemanded: false, maxSegments: 10, codeOnDelivery: false,
    codes: codes({
      'accepted': 'ACCEPTED', 'delivered': 'DELIVRD', 'absent-subscriber': 'ABSENT', 'unknown-subscriber': 'UNKNOWN', 'blocked-subscriber': 'DND',
      'blocked-brandname': 'BRBLOCK', 'rejected-content': 'REJECTD', 'network-failure': 'UNDELIV', 'expired': 'EXPIRED',
    }),
  },
  {
    id: 'sms-second', title: { vi: 'Cổng tin nhắn thương hiệu thứ hai', en: 'Second SMS brandname gateway' },
    brandnames: [{ name: 'DVCQG', state: 'active' }], templates: TEMPLATES, templatesDemanded: true, maxSegments: 3, codeOnDelivery: true,
    codes: codes({
      'accepted': '1', 'delivered': '0', 'absent-subscriber': '27', 'unknown-subscriber': '1001', 'blocked-subscriber': '13',
      'blocked-brandname': '104', 'rejected-content': '118', 'network-failure': '34', 'expired': '99',
    }),
  },
]
