/** Files of a dossier: whole and unaltered however large, named as they came, refused where size, sum, type or order do not fit. */
import { createHash } from 'node:crypto'
import { CONTENT_TYPES, MAX_ATTACHMENT_BYTES, MAX_PIECE_BYTES } from '../../../contracts/partner-api/roles/dossier-system/terms.ts'
import { answered, demand, listIn, repeats, says, shows, textIn, type Check } from '../../check.ts'
import type { Context } from '../../context.ts'
import type { Exchange } from '../../exchange.ts'
import { dossierCheck, forwarded } from './cases.ts'

/** Several pieces, the last one not full. */
const LARGE_BYTES = 3 * 1024 * 1024 + 123
const FILE_NAME = 'Giấy xác nhận nơi cư trú – Đặng Thị Hoà.pdf'

const check = (topic: string, vi: string, en: string, run: Check['run']) => dossierCheck(`files.${topic}`, 'supplement', vi, en, run)

/** Bytes of which no two stretches are alike. */
function bytesOf(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let at = 0, value = 1; at < size; at += 1) {
    value = Math.imul(value, 1_664_525) + 1_013_904_223 >>> 0
    bytes[at] = value >>> 24
  }
  return bytes
}

export type Upload = ReturnType<typeof upload>
export function upload(context: Context, dossierCode: string, bytes: Buffer, changes: { fileName?: string; contentType?: string; sizeBytes?: number; sha256?: string; offset?: number } = {}) {
  return {
    reference: context.tag(), dossierCode, fileName: 'Đơn đề nghị.pdf', contentType: 'application/pdf', sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'), content: bytes.subarray(0, MAX_PIECE_BYTES).toString('base64'), offset: 0, ...changes,
  }
}

const FIELDS = ['attachmentId', 'dossierCode', 'fileName', 'contentType', 'sizeBytes', 'sha256', 'receivedBytes', 'whole'] as const

/** All that is known of a file of which so much has come. */
export function demandFile(exchange: Exchange, input: Upload, receivedBytes = input.sizeBytes): void {
  const { dossierCode, contentType, sizeBytes, sha256, fileName } = input
  shows(exchange, { dossierCode, contentType, sizeBytes, sha256, receivedBytes, whole: receivedBytes === sizeBytes })
  says(exchange, 'fileName', fileName)
}

async function download(context: Context, attachmentId: string, input: Upload): Promise<Buffer> {
  const pieces: Buffer[] = []
  const { sizeBytes } = input
  for (let offset = 0; offset < sizeBytes;) {
    const exchange = await context.ask('attachment-content', { attachmentId, offset })
    answered(exchange, 200)
    shows(exchange, { attachmentId, offset })
    demandFile(exchange, input)
    const piece = Buffer.from(String(exchange.json?.content), 'base64')
    demand(piece.length > 0, { vi: 'một phần không rỗng', en: 'a piece that is not empty' }, '0', exchange)
    pieces.push(piece)
    offset += piece.length
    demand(exchange.json?.last === (offset >= sizeBytes), `last = ${offset >= sizeBytes}`, `last = ${exchange.json?.last}`, exchange)
  }
  return Buffer.concat(pieces)
}

export const FILE_CHECKS: readonly Check[] = [
  check('small', 'Tệp nhỏ gửi lên và tải về nguyên vẹn', 'A small file goes up and comes back unaltered', async (context) => {
    const { dossierCode } = await forwarded(context)
    const bytes = Buffer.from('Kết quả xử lý, một tệp rất nhỏ')
    const input = upload(context, dossierCode, bytes)
    const exchange = await context.ask('attach', input)
    answered(exchange, 201)
    demandFile(exchange, input)
    const back = await download(context, textIn(exchange, 'attachmentId'), input)
    demand(back.equals(bytes), { vi: 'cùng nội dung', en: 'the same content' }, back.toString('base64').slice(0, 80), context.exchanges.at(-1))
  }),
  check('large', `Tệp lớn (${Math.floor(LARGE_BYTES / 1024)} KiB) gửi từng phần, gửi lại một phần không đổi gì, tải về nguyên vẹn`, `A large file (${Math.floor(LARGE_BYTES / 1024)} KiB) goes up in pieces, a piece sent again changes nothing, and it comes back unaltered`, async (context) => {
    const { dossierCode } = await forwarded(context)
    const bytes = bytesOf(LARGE_BYTES)
    const first = upload(context, dossierCode, bytes)
    let attachmentId = ''
    for (let offset = 0; offset < bytes.length; offset += MAX_PIECE_BYTES) {
      const piece = { ...first, offset, content: bytes.subarray(offset, offset + MAX_PIECE_BYTES).toString('base64') }
      const exchange = await context.ask('attach', piece)
      answered(exchange, [200, 201])
      attachmentId = textIn(exchange, 'attachmentId')
      demandFile(exchange, first, Math.min(bytes.length, offset + MAX_PIECE_BYTES))
      if (offset !== MAX_PIECE_BYTES) continue
      const again = await context.ask('attach', piece)
      answered(again, 200)
      repeats(again, exchange, FIELDS)
    }
    const back = await download(context, attachmentId, first)
    demand(back.equals(bytes), first.sha256, createHash('sha256').update(back).digest('hex'), context.exchanges.at(-1))
  }),
  check('name', 'Tên tệp tiếng Việt dạng NFC và NFD giữ đủ chữ', 'A file\'s Vietnamese name keeps every letter, in NFC and in NFD', async (context) => {
    const { dossierCode } = await forwarded(context)
    for (const fileName of [FILE_NAME.normalize('NFC'), FILE_NAME.normalize('NFD')]) {
      const input = upload(context, dossierCode, Buffer.from(fileName), { fileName })
      const exchange = await context.ask('attach', input)
      answered(exchange, 201)
      const list = await context.ask('attachments', { dossierCode })
      answered(list, 200)
      const attachmentId = textIn(exchange, 'attachmentId')
      const held = listIn(list, 'attachments').find((one: { attachmentId: string }) => one.attachmentId === attachmentId)
      demandFile({ ...list, json: held }, input)
    }
  }),
  check('idempotent', 'Cùng tệp gửi lại không tạo tệp thứ hai', 'The same file again makes no second one', async (context) => {
    const { dossierCode } = await forwarded(context)
    const input = upload(context, dossierCode, Buffer.from('một lần'))
    const first = await context.ask('attach', input)
    answered(first, 201)
    const again = await context.ask('attach', input)
    answered(again, 200)
    repeats(again, first, FIELDS)
    const list = await context.ask('attachments', { dossierCode })
    demand(listIn(list, 'attachments').length === 1, '1', String(list.json.attachments.length), list)
  }),
  check('sum', 'Sai SHA-256 bị từ chối, và không còn lại gì', 'A wrong SHA-256 is refused and nothing stays', async (context) => {
    const { dossierCode } = await forwarded(context)
    answered(await context.ask('attach', upload(context, dossierCode, Buffer.from('đúng'), { sha256: '0'.repeat(64) })), 422, 'CONTENT_MISMATCH')
    const list = await context.ask('attachments', { dossierCode })
    demand(listIn(list, 'attachments').length === 0, '0', String(list.json.attachments.length), list)
  }),
  check('refused', 'Từ chối loại tệp lạ, tệp quá lớn, phần sai vị trí, hồ sơ không có', 'Refuses a foreign type, a file too large, a piece out of place, an unknown dossier', async (context) => {
    const { dossierCode } = await forwarded(context)
    const bytes = Buffer.from('thử')
    answered(await context.ask('attach', upload(context, dossierCode, bytes, { contentType: 'application/x-msdownload' })), 415, 'CONTENT_TYPE_REFUSED')
    answered(await context.ask('attach', upload(context, dossierCode, bytes, { sizeBytes: MAX_ATTACHMENT_BYTES + 1 })), 413, 'ATTACHMENT_TOO_LARGE')
    answered(await context.ask('attach', upload(context, dossierCode, bytesOf(MAX_PIECE_BYTES + 10), { offset: 512 })), 409, 'OFFSET_WRONG')
    answered(await context.ask('attach', upload(context, context.dossierCode(), bytes)), 404, 'DOSSIER_UNKNOWN')
  }),
  check('types', 'Nhận mọi loại tệp trong danh sách', 'Takes every listed type of file', async (context) => {
    const { dossierCode } = await forwarded(context)
    for (const contentType of CONTENT_TYPES) answered(await context.ask('attach', upload(context, dossierCode, Buffer.from(contentType), { contentType })), 201)
  }),
  check('incomplete', 'Tệp chưa nhận đủ thì chưa tải được', 'A file that has not come whole cannot be fetched', async (context) => {
    const { dossierCode } = await forwarded(context)
    const exchange = await context.ask('attach', upload(context, dossierCode, bytesOf(MAX_PIECE_BYTES + 10)))
    answered(exchange, 201)
    answered(await context.ask('attachment-content', { attachmentId: exchange.json?.attachmentId }), 409, 'ATTACHMENT_INCOMPLETE')
    answered(await context.ask('attachment-content', { attachmentId: context.tag() }), 404, 'ATTACHMENT_UNKNOWN')
  }),
]
