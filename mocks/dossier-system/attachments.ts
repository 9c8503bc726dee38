/**
 * The files of a partner's dossiers. A file comes in pieces that follow one another; it is whole when its last byte is here and its SHA-256 fits, and is
 * dropped where it does not. Names are kept as they came; composed and decomposed Vietnamese are the same name. Bounded: `maxTotalBytes` for all files, and as
 * many of them as the memory takes; they are forgotten with their dossiers.
 */
import { createHash, type Hash } from 'node:crypto'
import type { z } from 'zod'
import type { attach, Attachment } from '../../contracts/partner-api/roles/dossier-system/attachments.ts'
import type { Memory } from '../memory.ts'
import { CONTENT_TYPES, MAX_ATTACHMENT_BYTES, MAX_PIECE_BYTES } from '../../contracts/partner-api/roles/dossier-system/terms.ts'

export type Upload = z.infer<typeof attach.request>
export type UploadRefused = { refused: 'reference-taken' | 'offset-wrong' | 'too-large' | 'content-type' | 'mismatch' | 'store-full'; message: string }
export type Uploaded = { created: boolean; file: HeldFile }
export type HeldFile = Omit<Attachment, 'whole' | 'receivedBytes'> & {
  reference: string; pieces: Buffer[]; receivedBytes: number; hash: Hash | null
  /** Wall clock. */
  storedAt: number
}
export type Attachments = ReturnType<typeof createAttachments>

const MAX_TOTAL_BYTES = 256 * 1024 * 1024

export function createAttachments({ wallNow, memory, maxTotalBytes = MAX_TOTAL_BYTES }: { wallNow: () => number; memory: Memory; maxTotalBytes?: number }) {
  const kept = memory.keep<HeldFile>({ isFinished: isWhole, times: 2, forget: (forgotten) => { for (const file of forgotten) remove(file) } })
  const files = new Map<string, HeldFile>()
  const byReference = new Map<string, HeldFile>()
  const byDossier = new Map<string, HeldFile[]>()
  let totalBytes = 0
  let numbered = 0

  function add(upload: Upload): HeldFile {
    numbered += 1
    const { reference, dossierCode, fileName, contentType, sizeBytes, sha256 } = upload
    const file: HeldFile = {
      attachmentId: `F${String(numbered).padStart(7, '0')}`, reference, dossierCode, fileName, contentType, sizeBytes, sha256,
      pieces: [], receivedBytes: 0, hash: createHash('sha256'), storedAt: wallNow(),
    }
    files.set(file.attachmentId, file)
    kept.add(file)
    byReference.set(reference, file)
    const others = byDossier.get(dossierCode)
    if (others) others.push(file)
    else byDossier.set(dossierCode, [file])
    return file
  }

  /** Refused: it never was a file. */
  function drop(file: HeldFile): void { kept.drop(file, true); remove(file) }

  function remove(file: HeldFile): void {
    totalBytes -= file.receivedBytes
    files.delete(file.attachmentId)
    byReference.delete(file.reference)
    const others = byDossier.get(file.dossierCode)!.filter((other) => other !== file)
    if (others.length > 0) byDossier.set(file.dossierCode, others)
    else byDossier.delete(file.dossierCode)
  }

  return {
    files: files as ReadonlyMap<string, HeldFile>,
    /** With their dossiers. Gives the ids of what is gone. */
    forget(dossierCodes: ReadonlySet<string>): string[] {
      const gone = [...dossierCodes].flatMap((dossierCode) => byDossier.get(dossierCode) ?? [])
      for (const file of gone) { kept.drop(file); remove(file) }
      return gone.map(({ attachmentId }) => attachmentId)
    },
    of: (dossierCode: string): readonly HeldFile[] => byDossier.get(dossierCode) ?? [],

    /** A file of this dossier that is whole. */
    whole(attachmentId: string, dossierCode: string): HeldFile | undefined {
      const file = files.get(attachmentId)
      return file && file.dossierCode === dossierCode && isWhole(file) ? file : undefined
    },

    receive(upload: Upload): Uploaded | UploadRefused {
      if (upload.sizeBytes > MAX_ATTACHMENT_BYTES) return { refused: 'too-large', message: `${upload.sizeBytes} bytes; at most ${MAX_ATTACHMENT_BYTES}` }
      if (!(CONTENT_TYPES as readonly string[]).includes(upload.contentType)) return { refused: 'content-type', message: `"${upload.contentType}" is none of ${CONTENT_TYPES.join(', ')}` }
      const known = byReference.get(upload.reference)
      if (known && !isSame(known, upload)) return { refused: 'reference-taken', message: `"${upload.reference}" stands for ${known.attachmentId} with other particulars` }
      const piece = Buffer.from(upload.content, 'base64')
      const received = known?.receivedBytes ?? 0
      if (known && upload.offset < received && isRepeated(known, piece, upload.offset)) return { created: false, file: known }
      if (upload.offset !== received) return { refused: 'offset-wrong', message: `offset ${upload.offset}, but ${received} bytes have come` }
      if (received + piece.length > upload.sizeBytes) {
        if (known) drop(known)
        return { refused: 'mismatch', message: `more than the ${upload.sizeBytes} bytes announced` }
      }
      if (totalBytes + piece.length > maxTotalBytes) return { refused: 'store-full', message: `more than ${maxTotalBytes} bytes in all` }
      const file = known ?? add(upload)
      file.pieces.push(piece)
      file.hash!.update(piece)
      file.receivedBytes += piece.length
      totalBytes += piece.length
      if (isWhole(file)) {
        const sha256 = file.hash!.digest('hex')
        file.hash = null
        if (sha256 !== file.sha256) { drop(file); return { refused: 'mismatch', message: `the content's SHA-256 is ${sha256}` } }
      }
      return { created: true, file }
    },

    /** From the offset on, as much as one answer may carry; pieces are as small as the sender made them. */
    read(file: HeldFile, offset: number): { content: string; last: boolean } {
      const end = Math.min(file.sizeBytes, offset + MAX_PIECE_BYTES)
      const taken: Buffer[] = []
      let at = 0
      for (const piece of file.pieces) {
        if (at < end && at + piece.length > offset) taken.push(piece.subarray(Math.max(0, offset - at), end - at))
        at += piece.length
      }
      return { content: Buffer.concat(taken).toString('base64'), last: end >= file.sizeBytes }
    },
  }
}

export function isWhole(file: HeldFile): boolean { return file.receivedBytes === file.sizeBytes }

export function attachmentOf(file: HeldFile): Attachment {
  const { attachmentId, dossierCode, fileName, contentType, sizeBytes, sha256, receivedBytes } = file
  return { attachmentId, dossierCode, fileName, contentType, sizeBytes, sha256, receivedBytes, whole: isWhole(file) }
}

function isSame(file: HeldFile, upload: Upload): boolean {
  return file.dossierCode === upload.dossierCode && file.fileName.normalize('NFC') === upload.fileName.normalize('NFC')
    && file.contentType === upload.contentType && file.sizeBytes === upload.sizeBytes && file.sha256 === upload.sha256
}

function isRepeated(file: HeldFile, piece: Buffer, offset: number): boolean {
  let at = 0
  for (const known of file.pieces) {
    if (at === offset) return known.equals(piece)
    at += known.length
  }
  return false
}
