/** Ways in which a portal fails its contract. */
import { codeOf, isAt, jsonOf, saying, type Nonconformity } from './proxy.ts'

const SYNC_DOSSIERS = /^\/sync\/v1\/dossiers$/

export const PORTAL_NONCONFORMITIES: readonly Nonconformity[] = [
  { id: 'portal-deduplicates-synced', role: 'portal', title: { vi: 'kiểm tra trùng cả hồ sơ đồng bộ', en: 'synced dossiers are put to the business check' }, breaks: ['portal.sync.not-deduplicated'],
    hooks: () => {
      const open = new Map<string, string>()
      return { answered: (reply, message) => {
        if (!isAt(message, 'POST', SYNC_DOSSIERS) || reply.status !== 201) return reply
        const { applicantId, procedureCode, dossierCode } = jsonOf(message.body)
        const key = `${applicantId} ${procedureCode}`
        if (open.has(key) && open.get(key) !== dossierCode) return saying(409, { error: { code: 'DUPLICATE_OPEN_DOSSIER', message: 'open already' } })
        open.set(key, dossierCode)
        return reply
      } }
    } },
  { id: 'portal-ignores-signature', role: 'portal', title: { vi: 'không kiểm tra chữ ký', en: 'signatures are not checked' },
    breaks: ['sync-dossier.unsigned', 'sync-dossier.wrong-signature', 'sync-status.unsigned', 'sync-status.wrong-signature'],
    hooks: ({ sign }) => ({ asked: (message) => message.path.startsWith('/sync/') && message.headers['x-partner'] !== 'nobody-knows'
      ? { ...message, headers: { ...message.headers, 'x-partner': 'ha-noi', 'x-signature': sign(message.body) } } : message }) },
  { id: 'portal-status-order', role: 'portal', title: { vi: 'nhận trạng thái trái quy trình', en: 'statuses that the process forbids are taken' }, breaks: ['portal.status.order'],
    hooks: () => ({ answered: (reply, message) => message.path === '/sync/v1/statuses' && codeOf(reply) === 'TRANSITION_FORBIDDEN' ? saying(201, { result: 'applied' }) : reply }) },
  { id: 'portal-search-nfd', role: 'portal', title: { vi: 'không tìm được khi gõ NFD', en: 'nothing is found by text in NFD' }, breaks: ['portal.services'],
    hooks: () => ({ asked: (message) => {
      const q = new URL(message.path, 'http://proxy').searchParams.get('q') ?? ''
      return message.path.startsWith('/api/services') && q !== q.normalize('NFC') ? saying(200, { services: [] }) : message
    } }) },
]
