/** Ways in which a portal fails its contract. */
import { codeOf, isAt, jsonOf, retold, saying, type Message, type Nonconformity } from './proxy.ts'

const DAY_MS = 86_400_000
const SYNC_DOSSIERS = /^\/sync\/v1\/dossiers$/

/** The dossier that a citizen asks to be shown. */
function dossierAsked(message: Message): string | undefined { return isAt(message, 'GET', /^\/api\/dossiers\/./) ? message.path.split('/').at(-1) : undefined }

export const PORTAL_NONCONFORMITIES: readonly Nonconformity[] = [
  { id: 'portal-deduplicates-synced', role: 'portal', title: { vi: 'kiểm tra trùng cả hồ sơ đồng bộ', en: 'synced dossiers are put to the business check' }, breaks: ['portal.sync.not-deduplicated'],
    hooks: () => {
      const open = new Map<string, string>()
      return { answered: (reply, message) => {
        const [, withdrawn] = /^\/api\/dossiers\/([^/]+)\/withdrawals$/.exec(message.path) ?? []
        for (const [key, code] of open) if (code === withdrawn) open.delete(key)
        if (!isAt(message, 'POST', SYNC_DOSSIERS) || reply.status !== 201) return reply
        const { applicantId, procedureCode, dossierCode } = jsonOf(message.body)
        const key = `${applicantId} ${procedureCode}`
        if (open.has(key) && open.get(key) !== dossierCode) return saying(409, { error: { code: 'DUPLICATE_OPEN_DOSSIER', message: 'open already' } })
        open.set(key, dossierCode)
        return reply
      } }
    } },
  { id: 'portal-ignores-signature', role: 'portal', title: { vi: 'không kiểm tra chữ ký', en: 'signatures are not checked' },
    breaks: ['sync-dossier.unsigned', 'sync-dossier.wrong-signature', 'sync-dossier.altered-body', 'sync-status.unsigned', 'sync-status.wrong-signature', 'sync-status.altered-body'],
    hooks: ({ sign }) => ({ asked: (message) => message.path.startsWith('/sync/') && message.headers['x-partner'] !== 'nobody-knows'
      ? { ...message, headers: { ...message.headers, 'x-partner': 'ha-noi', 'x-signature': sign(message.body) } } : message }) },
  { id: 'portal-signs-part', role: 'portal', title: { vi: 'chỉ kiểm chữ ký có mặt, không kiểm với nội dung', en: 'any signature of the partner will do, whatever it signs' }, breaks: ['sync-dossier.altered-body', 'sync-status.altered-body'],
    hooks: ({ sign }) => {
      const known = new Set<string>()
      return { asked: (message) => {
        if (!message.path.startsWith('/sync/')) return message
        const signature = message.headers['x-signature'] ?? ''
        // What the right key has signed under another reference.
        const reference = /"reference":"(tdc-[\w-]+?-)(\d+)"/.exec(message.body)
        const others = reference ? [1, -1, 2].map((step) => message.body.replace(reference[0], `"reference":"${reference[1]}${Number(reference[2]) + step}"`)) : []
        if (others.some((other) => sign(other) === signature)) known.add(signature)
        return known.has(signature) ? { ...message, headers: { ...message.headers, 'x-signature': sign(message.body) } } : message
      } }
    } },
  { id: 'portal-signs-compact', role: 'portal', title: { vi: 'kiểm chữ ký trên JSON viết lại, không phải trên byte đã nhận', en: 'the signature is checked over JSON written anew, not over the bytes that came' }, breaks: ['sync-dossier.signed-bytes', 'sync-status.signed-bytes'],
    hooks: () => ({ asked: (message) => {
      const json = message.path.startsWith('/sync/') ? jsonOf(message.body) : undefined
      return json !== undefined && JSON.stringify(json) !== message.body ? saying(401, { error: { code: 'SIGNATURE_INVALID', message: 'no' } }) : message
    } }) },
  { id: 'portal-status-applied', role: 'portal', title: { vi: 'từ chối trạng thái trái quy trình nhưng vẫn áp dụng', en: 'a forbidden status is refused, and applied all the same' }, breaks: ['portal.status.order'],
    hooks: () => {
      const applied = new Map<string, string>()
      return { answered: (reply, message) => {
        if (message.path === '/sync/v1/statuses' && codeOf(reply) === 'TRANSITION_FORBIDDEN') applied.set(jsonOf(message.body).dossierCode, jsonOf(message.body).status)
        const status = applied.get(dossierAsked(message) ?? '')
        return status === undefined || reply.status !== 200 ? reply : retold(reply, (json) => ({ ...json, status }))
      } }
    } },
  { id: 'portal-starts-anew', role: 'portal', title: { vi: 'đồng bộ lại hồ sơ đưa trạng thái lùi', en: 'a dossier synced again takes its status back' }, breaks: ['portal.status.shown'],
    hooks: () => {
      const again = new Map<string, string>()
      return { answered: (reply, message) => {
        if (isAt(message, 'POST', SYNC_DOSSIERS) && reply.status === 200) again.set(jsonOf(message.body).dossierCode, jsonOf(message.body).status)
        const status = again.get(dossierAsked(message) ?? '')
        return status !== undefined && reply.status === 200 ? retold(reply, (json) => ({ ...json, status })) : reply
      } }
    } },
  { id: 'portal-utc-days', role: 'portal', title: { vi: 'hạn của hồ sơ đồng bộ tính theo ngày UTC', en: 'deadlines of synced dossiers go by days of UTC' }, breaks: ['portal.sync.shown'],
    hooks: () => {
      // Those submitted here would break other checks too, before seven in the morning.
      const synced = new Set<string>()
      return { answered: (reply, message) => {
        if (isAt(message, 'POST', SYNC_DOSSIERS) && reply.status === 201) synced.add(jsonOf(message.body).dossierCode)
        if (reply.status !== 200 || !synced.has(dossierAsked(message) ?? '')) return reply
        // Before seven in the morning in Viet Nam it is still the day before in UTC.
        return retold(reply, (json) => new Date(json.submittedAt).getUTCHours() >= 17 ? { ...json, dueAt: json.dueAt - DAY_MS } : json)
      } }
    } },
  { id: 'portal-reference-alone', role: 'portal', title: { vi: 'cùng mã tham chiếu cho thủ tục khác vẫn trả hồ sơ cũ', en: 'a used reference for another procedure is answered with the dossier that has it' }, breaks: ['portal.submit.idempotent'],
    hooks: () => {
      const taken = new Map<string, string>()
      return { answered: (reply, message) => {
        if (!isAt(message, 'POST', /^\/api\/dossiers$/)) return reply
        const { reference } = jsonOf(message.body) ?? {}
        if (reply.status === 201) taken.set(reference, reply.body)
        const first = taken.get(reference)
        return codeOf(reply) === 'CONFLICT' && first !== undefined ? { ...reply, status: 200, body: first } : reply
      } }
    } },
  { id: 'portal-status-order', role: 'portal', title: { vi: 'nhận trạng thái trái quy trình', en: 'statuses that the process forbids are taken' }, breaks: ['portal.status.order'],
    hooks: () => ({ answered: (reply, message) => message.path === '/sync/v1/statuses' && codeOf(reply) === 'TRANSITION_FORBIDDEN' ? saying(201, { result: 'applied' }) : reply }) },
  { id: 'portal-search-nfd', role: 'portal', title: { vi: 'không tìm được khi gõ NFD', en: 'nothing is found by text in NFD' }, breaks: ['portal.services'],
    hooks: () => ({ asked: (message) => {
      const q = new URL(message.path, 'http://proxy').searchParams.get('q') ?? ''
      return message.path.startsWith('/api/services') && q !== q.normalize('NFC') ? saying(200, { services: [] }) : message
    } }) },
]
