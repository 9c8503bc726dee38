/** Ways in which a ministry's or province's system fails its contract. */
import { codeOf, isAt, jsonOf, resaid, retold, saying, unsigned, type Nonconformity } from './proxy.ts'

const DAY_MS = 86_400_000
const withoutMarks = (text: string) => text.normalize('NFC') === text ? text : text.replace(/\p{M}/gu, '')
const isNfd = (text: unknown) => typeof text === 'string' && text !== text.normalize('NFC')

export const DOSSIER_SYSTEM_NONCONFORMITIES: readonly Nonconformity[] = [
  { id: 'province-second-dossier', role: 'province', title: { vi: 'chuyển lại cùng mã tạo hồ sơ mới', en: 'the same code forwarded again makes another dossier' }, breaks: ['dossier.forwarded.idempotent'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'POST', /^\/v1\/forwarded$/) && reply.status === 200 ? retold(reply, () => ({ result: 'received' })) : reply }) },
  { id: 'province-starts-anew', role: 'province', title: { vi: 'chuyển lại cùng mã đưa trạng thái về đầu', en: 'the same code forwarded again takes the status back to the beginning' }, breaks: ['dossier.forwarded.idempotent'],
    hooks: () => {
      const again = new Map<string, string>()
      return { answered: (reply, message) => {
        if (isAt(message, 'POST', /^\/v1\/forwarded$/) && jsonOf(reply.body)?.result === 'unchanged') again.set(jsonOf(message.body).reference, jsonOf(message.body).status)
        const status = isAt(message, 'GET', /^\/desk\/dossiers\?/) ? again.get(new URL(message.path, 'http://proxy').searchParams.get('reference') ?? '') : undefined
        return status !== undefined && reply.status === 200 ? retold(reply, (json) => ({ ...json, status })) : reply
      } }
    } },
  { id: 'province-last-come', role: 'province', title: { vi: 'trạng thái đến sau đè trạng thái mới hơn', en: 'the status that comes last counts, not the newest' }, breaks: ['dossier.statuses.out-of-order'],
    hooks: () => {
      let at = Date.now()
      return { asked: (message) => isAt(message, 'POST', /^\/v1\/statuses$/) && Array.isArray(jsonOf(message.body)?.statuses)
        ? { ...message, body: JSON.stringify({ ...jsonOf(message.body), statuses: jsonOf(message.body).statuses.map((one: any) => typeof one.at === 'number' ? { ...one, at: at += 1_000 } : one) }) } : message }
    } },
  { id: 'province-unsigned', role: 'province', title: { vi: 'đẩy lên cổng không ký', en: 'pushes are not signed' }, breaks: ['dossier.push.signed', 'dossier.push-status.signed'], hooks: () => ({ told: (message, send) => send(unsigned(message)) }) },
  { id: 'province-loses-marks', role: 'province', title: { vi: 'mất dấu của văn bản NFD', en: 'marks of text in NFD are lost' }, breaks: ['dossier.push.text', 'dossier.own-service.synced'],
    hooks: ({ sign }) => ({ told: (message, send) => send(isNfd(message.body) ? resaid(message, sign, (json) => ({ ...json, applicantName: withoutMarks(json.applicantName), note: withoutMarks(json.note) })) : message) }) },
  { id: 'province-birth-date', role: 'province', title: { vi: 'ngày sinh trước 1975 lệch một ngày', en: 'a date of birth before 1975 moves by a day' }, breaks: ['dossier.push.birth-date'],
    hooks: ({ sign }) => ({ told: (message, send) => send(message.body.includes('"applicantBirthDate":"1950') ? resaid(message, sign, (json) => ({ ...json, applicantBirthDate: '1949-12-31' })) : message) }) },
  { id: 'province-no-retry', role: 'province', title: { vi: 'cổng lỗi thì không đẩy lại', en: 'what the portal failed to take is not pushed again' },
    breaks: ['dossier.push.retried', 'dossier.push-status.retried', 'dossier.own-service.synced'],
    hooks: () => ({ told: async (message, send) => {
      const reply = await send(message)
      return reply && reply.status < 500 ? reply : saying(201, { result: message.path.includes('statuses') ? 'applied' : 'created' })
    } }) },
  { id: 'province-insists', role: 'province', title: { vi: 'cổng từ chối vẫn báo là đã nhận', en: 'a refusal of the portal is taken for a yes' }, breaks: ['dossier.push.refused', 'dossier.push-status.refused'],
    hooks: () => ({ told: async (message, send) => {
      const reply = await send(message)
      return reply?.status === 409 ? saying(201, { result: 'created' }) : reply
    } }) },
  { id: 'province-status-order', role: 'province', title: { vi: 'đặt được trạng thái trái quy trình', en: 'statuses that the process forbids can be set' }, breaks: ['dossier.push-status.order'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'POST', /^\/desk\/statuses$/) && codeOf(reply) === 'TRANSITION_FORBIDDEN' ? saying(201, { sync: 'acknowledged', portalStatus: 201, errorCode: null, message: null }) : reply }) },
  { id: 'province-file-damaged', role: 'province', title: { vi: 'tệp lớn hỏng khi tải về', en: 'large files come back damaged' }, breaks: ['dossier.files.large'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'GET', /^\/v1\/attachments\/content/) && reply.body.length > 10_000 ? retold(reply, (json) => ({ ...json, content: `AAAA${json.content.slice(4)}` })) : reply }) },
  { id: 'province-file-name', role: 'province', title: { vi: 'tên tệp mất chữ tiếng Việt', en: 'names of files lose their Vietnamese letters' }, breaks: ['dossier.files.name'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'GET', /^\/v1\/attachments\?/) && reply.status === 200
      ? retold(reply, ({ attachments }) => ({ attachments: attachments.map((one: any) => ({ ...one, fileName: one.fileName.replace(/[^ -~]/g, '?') })) })) : reply }) },
  { id: 'province-wrong-sum', role: 'province', title: { vi: 'nhận tệp sai SHA-256', en: 'a file with a wrong SHA-256 is taken' }, breaks: ['dossier.files.sum'],
    hooks: () => ({ answered: (reply, message) => {
      if (codeOf(reply) !== 'CONTENT_MISMATCH') return reply
      const { reference: _, content: __, offset: ___, ...file } = jsonOf(message.body)
      return saying(201, { ...file, attachmentId: 'F1', receivedBytes: file.sizeBytes, whole: true })
    } }) },
  { id: 'province-deadline-reset', role: 'province', title: { vi: 'hạn xử lý đặt lại giữa chừng', en: 'the deadline is set anew on the way' }, breaks: ['dossier.deadline'],
    hooks: () => {
      const asked = new Set<string>()
      return { answered: (reply, message) => {
        if (!isAt(message, 'GET', /^\/v1\/deadlines/) || reply.status !== 200) return reply
        const again = asked.has(message.path)
        asked.add(message.path)
        return again ? retold(reply, (json) => ({ ...json, dueAt: json.dueAt + DAY_MS })) : reply
      } }
    } },
  { id: 'province-account-number', role: 'province', title: { vi: 'phí kèm số tài khoản', en: 'a fee comes with an account number' }, breaks: ['dossier.fee'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'GET', /^\/v1\/fees/) && reply.status === 200 ? retold(reply, (json) => ({ ...json, accountNumber: '0011001' })) : reply }) },
  { id: 'province-list-gap', role: 'province', title: { vi: 'danh sách đối soát bỏ sót hồ sơ ở trang sau', en: 'later pages of the list miss a dossier' }, breaks: ['dossier.list.pages'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'GET', /^\/v1\/dossiers\?.*after=[^&]/) && reply.status === 200 ? retold(reply, (json) => ({ ...json, dossiers: json.dossiers.slice(1) })) : reply }) },
  { id: 'province-foreign-file', role: 'province', title: { vi: 'trả lời về tệp của hồ sơ khác', en: 'answers speak of another dossier\'s file' }, breaks: ['dossier.files.small', 'dossier.files.large', 'dossier.files.idempotent'],
    hooks: () => ({ answered: (reply, message) => isAt(message, 'POST', /^\/v1\/attachments$/) && reply.status === 201 ? retold(reply, (json) => ({ ...json, dossierCode: `${json.dossierCode.slice(0, -1)}x` })) : reply }) },
  { id: 'province-references', role: 'province', title: { vi: 'mã tham chiếu đã dùng vẫn nhận, không làm gì', en: 'a reference that was used is answered with a yes, and nothing is done' },
    breaks: ['dossier.desk.references', 'dossier.references', 'dossier.own-service.reference'],
    hooks: () => ({ answered: (reply, message) => {
      if (codeOf(reply) !== 'REFERENCE_TAKEN') return reply
      return saying(201, message.path === '/public/v1/dossiers' ? { dossierCode: 'H01-260410-000001', unitCode: 'H01', status: 'newly-registered' } : message.path === '/v1/supplements' ? { dossierCode: jsonOf(message.body).dossierCode, status: 'in-process' }
        : { sync: 'acknowledged', portalStatus: 201, errorCode: null, message: null })
    } }) },
  { id: 'province-signs-composed', role: 'province', title: { vi: 'ký trên văn bản đã tổ hợp (NFC), không phải byte gửi đi', en: 'the signature is over the text composed (NFC), not over the bytes that go out' }, breaks: ['dossier.push.signed'],
    hooks: ({ sign }) => ({ told: (message, send) => send({ ...message, headers: { ...message.headers, ...(message.headers['x-signature'] !== undefined && { 'x-signature': sign(message.body.normalize('NFC')) }) } }) }) },
  { id: 'province-second-supplement', role: 'province', title: { vi: 'nhận bổ sung khi không ai yêu cầu', en: 'an answer that nobody asked for is taken' }, breaks: ['dossier.supplement.refused'],
    hooks: () => ({ answered: (reply, message) => codeOf(reply) === 'NOTHING_ASKED' ? saying(201, { dossierCode: jsonOf(message.body)?.dossierCode, status: 'in-process' }) : reply }) },
]
