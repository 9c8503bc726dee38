/** The words of the pages, in both languages. */
import type { Language } from '../../contracts/text.ts'

const VI = {
  title: 'Các đối tác mô phỏng', back: '← Trang đầu', otherLanguage: 'English',
  intro: 'Mọi đối tác của Cổng Dịch vụ công ở một địa chỉ, để phát triển và thử. Không có dữ liệu thật: người, số điện thoại, số tiền đều là giả.',
  partners: 'Đối tác', partner: 'Đối tác', address: 'Địa chỉ', key: 'Khóa ký (HMAC)', count: (n: number) => `${n} đối tác`,
  access: 'Tài khoản và khóa để phát triển', client: 'Client của VNeID', secret: 'Bí mật', redirects: 'Địa chỉ quay về', issuer: 'Issuer',
  passcode: 'Mật mã của người thử: sáu số cuối của định danh (định danh bắt đầu bằng 999).',
  portal: 'Đối tác đẩy hồ sơ lên', inbox: 'Địa chỉ nhận callback, biên nhận nếu chưa có', keyRule: 'Khóa của đối tác X là dev-key-X.',
  magic: 'Mã đặc biệt', magicIntro: 'Một công dân, số điện thoại, số tiền hay hồ sơ nhất định luôn cho một kết quả nhất định.', magicOff: 'Đang tắt (tệp hành vi ghi magic: false).',
  role: 'Vai', operation: 'Thao tác', field: 'Trường', value: 'Giá trị', effect: 'Kết quả',
  exchanges: 'Các trao đổi gần nhất', noExchanges: 'Chưa có trao đổi nào.', at: 'Lúc', request: 'Yêu cầu', status: 'Kết quả', why: 'Ghi chú', broken: 'ngắt', nearest: 'gần nhất',
  differs: { path: 'Sai đường dẫn', method: 'Sai phương thức', fields: 'Sai nội dung', signature: 'Sai chữ ký' },
  asked: 'Nội dung gửi', answered: 'Nội dung trả', moreInJournal: 'Nhật ký đầy đủ (JSON)',
  behave: 'Đặt hành vi, chỉnh đồng hồ', behaveIntro: 'Độ trễ, tỷ lệ lỗi, giới hạn tốc độ, ngừng phục vụ, callback muộn, trùng, mất: đặt lúc đang chạy.',
  downloads: 'Tải về', collection: 'Bộ yêu cầu mẫu (Postman v2.1)', operations: 'Các thao tác', examples: 'Ví dụ (dán vào terminal)', given: 'Cần có trước', calls: 'Tự gửi đi', to: 'đến', caller: 'bên đã gửi yêu cầu',
}
export type PageText = typeof VI

const EN: PageText = {
  title: 'Simulated partners', back: '← Start page', otherLanguage: 'Tiếng Việt',
  intro: 'All partners of the public-service portal at one address, for development and tests. Nothing here is real: people, phones and amounts are invented.',
  partners: 'Partners', partner: 'Partner', address: 'Address', key: 'Signing key (HMAC)', count: (n) => `${n} partners`,
  access: 'Accounts and keys for development', client: 'VNeID client', secret: 'Secret', redirects: 'Redirect URIs', issuer: 'Issuer',
  passcode: 'Passcode of a test person: the last six digits of the id (ids begin with 999).',
  portal: 'Partners push to', inbox: 'Address for callbacks and receipts where you have none', keyRule: 'The key of partner X is dev-key-X.',
  magic: 'Magic identifiers', magicIntro: 'A certain citizen, phone, amount or dossier always gives a certain answer.', magicOff: 'Off (the behaviours file says magic: false).',
  role: 'Role', operation: 'Operation', field: 'Field', value: 'Value', effect: 'Effect',
  exchanges: 'Last exchanges', noExchanges: 'Nothing was exchanged yet.', at: 'At', request: 'Request', status: 'Result', why: 'Note', broken: 'broken', nearest: 'nearest',
  differs: { path: 'Wrong path', method: 'Wrong method', fields: 'Wrong content', signature: 'Wrong signature' },
  asked: 'Sent', answered: 'Answered', moreInJournal: 'The whole journal (JSON)',
  behave: 'Set behaviours, move the clock', behaveIntro: 'Latency, error shares, throttling, outages, late, doubled and lost callbacks: set while it runs.',
  downloads: 'Downloads', collection: 'Collection of requests (Postman v2.1)', operations: 'Operations', examples: 'Examples (paste into a terminal)', given: 'Given', calls: 'Sent by itself', to: 'to', caller: 'whoever asked',
}

export const PAGE_TEXT: Record<Language, PageText> = { vi: VI, en: EN }
