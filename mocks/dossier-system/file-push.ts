/**
 * Files going up to the portal beside their dossier, piece by piece in order, from the outbox; only where it is configured. A file that the portal refuses
 * is not sent again; one whose answer stayed out is, from the piece on that stayed open.
 */
import type { z } from 'zod'
import { MAX_PIECE_BYTES } from '../../contracts/partner-api/roles/dossier-system/terms.ts'
import type { pushAttachment } from '../../contracts/partner-api/roles/dossier-system/pushes.ts'
import type { Outbox } from '../delivery/outbox.ts'
import type { Attachments, HeldFile } from './attachments.ts'
import type { Sync } from './held.ts'
import type { Push } from './push.ts'

export function createFilePush({ attachments, push, outbox, enabled }: { attachments: Attachments; push: Push; outbox: Outbox; enabled: () => boolean }) {
  const syncs = new Map<string, Sync>()

  async function send(file: HeldFile, offset: number): Promise<Sync> {
    const { reference, dossierCode, fileName, contentType, sizeBytes, sha256 } = file
    const { content } = attachments.read(file, offset)
    const body = JSON.stringify({ reference, dossierCode, fileName, contentType, sizeBytes, sha256, offset, content } satisfies z.infer<typeof pushAttachment.request>)
    return (await push.send('attachments', reference, body)).sync
  }

  return {
    /** By the file's id; undefined where it was never pushed. */
    syncOf: (attachmentId: string) => syncs.get(attachmentId),
    forget: (attachmentIds: readonly string[]) => { for (const id of attachmentIds) syncs.delete(id) },

    /** Once for each file. */
    push(file: HeldFile): void {
      if (!enabled() || syncs.has(file.attachmentId)) return
      syncs.set(file.attachmentId, 'unknown')
      let offset = 0
      outbox.add(async () => {
        for (; offset < file.sizeBytes; offset += MAX_PIECE_BYTES) {
          const sync = await send(file, offset)
          if (sync === 'unknown') return false
          if (sync === 'refused') { syncs.set(file.attachmentId, 'refused'); return true }
        }
        syncs.set(file.attachmentId, 'acknowledged')
        return true
      }, 0, { call: 'push-attachment', subject: file.reference })
    },
  }
}
