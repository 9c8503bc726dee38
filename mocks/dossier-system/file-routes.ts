/** Files of a dossier: up, listed, down (contracts/partner-api/roles/dossier-system/attachments.ts). */
import { attach, attachmentContent, attachments } from '../../contracts/partner-api/roles/dossier-system/attachments.ts'
import { refusalOf } from '../server/refusal-of.ts'
import { defineRoute, ok, type Route } from '../server/route.ts'
import { attachmentOf, isWhole, type UploadRefused } from './attachments.ts'
import type { DossierSystem } from './dossier-system.ts'

const CODE_OF = {
  'reference-taken': 'REFERENCE_TAKEN', 'offset-wrong': 'OFFSET_WRONG', 'too-large': 'ATTACHMENT_TOO_LARGE', 'content-type': 'CONTENT_TYPE_REFUSED',
  'mismatch': 'CONTENT_MISMATCH', 'store-full': 'STORE_FULL',
} as const satisfies Record<UploadRefused['refused'], string>

export const FILE_ROUTES: readonly Route<DossierSystem>[] = [
  defineRoute({
    ...attach,
    resolve: (system: DossierSystem, upload) => {
      const dossier = system.register.dossiers.get(upload.dossierCode)
      if (!dossier) return refusalOf(attach, 'DOSSIER_UNKNOWN', upload.dossierCode)
      const received = system.attachments.receive(upload)
      if ('refused' in received) return refusalOf(attach, CODE_OF[received.refused], received.message)
      const { created, file } = received
      // A file of a forwarded dossier came from the portal itself.
      if (created && isWhole(file) && dossier.origin !== 'forwarded') system.pushFile(file)
      return ok(attachmentOf(file), created ? 201 : 200)
    },
  }),

  defineRoute({
    ...attachments,
    resolve: (system: DossierSystem, { dossierCode }) => system.register.dossiers.has(dossierCode)
      ? ok({ attachments: system.attachments.of(dossierCode).map(attachmentOf) })
      : refusalOf(attachments, 'DOSSIER_UNKNOWN', dossierCode),
  }),

  defineRoute({
    ...attachmentContent,
    resolve: (system: DossierSystem, { attachmentId, offset }) => {
      const file = system.attachments.files.get(attachmentId)
      if (!file) return refusalOf(attachmentContent, 'ATTACHMENT_UNKNOWN', attachmentId)
      if (!isWhole(file)) return refusalOf(attachmentContent, 'ATTACHMENT_INCOMPLETE', `${file.receivedBytes} of ${file.sizeBytes} bytes`)
      return ok({ ...attachmentOf(file), offset, ...system.attachments.read(file, offset) })
    },
  }),
]
