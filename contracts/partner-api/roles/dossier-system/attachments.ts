/**
 * Files of a dossier. A file goes up in one request, or in pieces where it is larger than one may carry: each piece says its offset, and the file is
 * whole when the last byte has come and its SHA-256 fits. Names are Vietnamese text, kept as they came: composed (NFC) or decomposed (NFD).
 */
import { z } from 'zod'
import { defineOperation, RefusalBody } from '../../operation.ts'
import { CONTENT_TYPES, DOSSIER_UNKNOWN, EXAMPLE, MAX_ATTACHMENT_BYTES, MAX_PIECE_BYTES, Piece, REFERENCE_TAKEN, Sha256 } from './terms.ts'

export const Attachment = z.object({
  attachmentId: z.string(), dossierCode: z.string(), fileName: z.string(), contentType: z.string(), sizeBytes: z.int(), sha256: Sha256,
  /** How much of it is here; all of it when whole. */
  receivedBytes: z.int(), whole: z.boolean(),
})
export type Attachment = z.infer<typeof Attachment>

/** No path, no control characters: a name, at most as long as file systems take it (255 bytes, decomposed). */
export const FileName = z.string().min(1).max(120).regex(/^[^/\\\u0000-\u001f\u007f-\u009f]+$/u, 'a file name without a path')

export const attach = defineOperation({
  name: 'attach', method: 'POST', path: '/v1/attachments', takes: 'json',
  request: z.strictObject({
    reference: z.string().min(1), dossierCode: z.string().min(1), fileName: FileName, contentType: z.string().min(1), sizeBytes: z.int().min(1), sha256: Sha256,
    content: Piece, offset: z.int().min(0).default(0),
  }),
  answers: { 200: Attachment, 201: Attachment, 400: RefusalBody, 404: RefusalBody, 409: RefusalBody, 413: RefusalBody, 415: RefusalBody, 422: RefusalBody, 507: RefusalBody },
  summary: {
    vi: `Gửi tệp đính kèm của hồ sơ, nội dung base64, mỗi lần tối đa ${MAX_PIECE_BYTES} byte; tệp lớn gửi nhiều phần theo offset; gửi lại cùng phần không đổi gì`,
    en: `Uploads a file of a dossier in base64, at most ${MAX_PIECE_BYTES} bytes a request; a larger one in pieces by offset; the same piece again changes nothing`,
  },
  refuses: {
    DOSSIER_UNKNOWN, REFERENCE_TAKEN,
    OFFSET_WRONG: { status: 409, when: { vi: 'phần này không nối tiếp phần đã nhận', en: 'the piece does not follow what has come' } },
    ATTACHMENT_TOO_LARGE: { status: 413, when: { vi: `tệp lớn hơn ${MAX_ATTACHMENT_BYTES} byte`, en: `the file is larger than ${MAX_ATTACHMENT_BYTES} bytes` } },
    CONTENT_TYPE_REFUSED: { status: 415, when: { vi: `loại tệp không thuộc danh sách: ${CONTENT_TYPES.join(', ')}`, en: `the type is none of ${CONTENT_TYPES.join(', ')}` } },
    CONTENT_MISMATCH: { status: 422, when: { vi: 'dung lượng hoặc SHA-256 không khớp; tệp bị bỏ, gửi lại từ đầu', en: 'size or SHA-256 do not fit; the file is dropped, send it anew' } },
    STORE_FULL: { status: 507, when: { vi: 'kho tệp đầy', en: 'the store of files is full' } },
  },
  examples: [{
    title: { vi: 'Một tệp nhỏ', en: 'A small file' }, status: 201,
    answer: { attachmentId: 'F0000001', dossierCode: EXAMPLE.forwardedCode, fileName: 'Đơn đề nghị.txt', contentType: 'text/plain', sizeBytes: EXAMPLE.file.sizeBytes, sha256: EXAMPLE.file.sha256, receivedBytes: EXAMPLE.file.sizeBytes, whole: true },
    request: { reference: 'example-file', dossierCode: EXAMPLE.forwardedCode, fileName: 'Đơn đề nghị.txt', contentType: 'text/plain', sizeBytes: EXAMPLE.file.sizeBytes, sha256: EXAMPLE.file.sha256, content: EXAMPLE.file.content, offset: 0 },
  }],
})

export const attachments = defineOperation({
  name: 'attachments', method: 'GET', path: '/v1/attachments', takes: 'query', request: z.object({ dossierCode: z.string().min(1) }),
  answers: { 200: z.object({ attachments: z.array(Attachment) }), 400: RefusalBody, 404: RefusalBody },
  summary: { vi: 'Danh sách tệp của hồ sơ, theo thứ tự gửi', en: 'Lists the files of a dossier in the order in which they came' },
  refuses: { DOSSIER_UNKNOWN },
  examples: [{ title: { vi: 'Tệp của hồ sơ', en: 'The files of a dossier' }, status: 200, request: { dossierCode: EXAMPLE.forwardedCode } }],
})

export const attachmentContent = defineOperation({
  name: 'attachment-content', method: 'GET', path: '/v1/attachments/content', takes: 'query',
  request: z.object({ attachmentId: z.string().min(1), offset: z.coerce.number().int().min(0).default(0) }),
  answers: { 200: z.object({ ...Attachment.shape, offset: z.int(), content: Piece, last: z.boolean() }), 400: RefusalBody, 404: RefusalBody, 409: RefusalBody },
  summary: { vi: `Tải tệp về, mỗi lần tối đa ${MAX_PIECE_BYTES} byte kể từ offset`, en: `Downloads a file, at most ${MAX_PIECE_BYTES} bytes at a time from the offset` },
  refuses: {
    ATTACHMENT_UNKNOWN: { status: 404, when: { vi: 'không có tệp này', en: 'there is no such file' } },
    ATTACHMENT_INCOMPLETE: { status: 409, when: { vi: 'tệp chưa nhận đủ', en: 'the file has not come whole' } },
  },
  examples: [{
    title: { vi: 'Tải một tệp nhỏ', en: 'A small file' }, status: 200, request: { attachmentId: 'F0000001' }, answer: { content: EXAMPLE.file.content, last: true },
  }],
})
