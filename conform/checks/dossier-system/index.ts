/** The own system of a ministry or a province: what comes in, what it pushes, files, supplements, results, look-ups. */
import { DOSSIER_SYSTEM } from '../../../contracts/partner-api/roles/dossier-system.ts'
import type { RoleSuite } from '../role-suite.ts'
import { CASE_CHECKS, confirmation, supplementAnswer } from './case-file.ts'
import { deskOrder, forwarded, forwardedDossier } from './cases.ts'
import { FILE_CHECKS, upload } from './files.ts'
import { application, INTAKE_CHECKS } from './intake.ts'
import { LOOK_UP_CHECKS } from './look-ups.ts'
import { PUSH_CHECKS } from './pushes.ts'

export const dossierSystemSuite: RoleSuite = {
  role: DOSSIER_SYSTEM, flow: 'dossier-sync', checks: [...INTAKE_CHECKS, ...PUSH_CHECKS, ...FILE_CHECKS, ...CASE_CHECKS, ...LOOK_UP_CHECKS],
  flows: {
    'forwarded': 'receive', 'statuses': 'status-sync', 'own-service': 'submit', 'desk-status': 'status-sync', 'desk-look-up': 'process', 'attach': 'supplement', 'attachments': 'supplement', 'attachment-content': 'supplement',
    'supplement-ask': 'supplement', 'supplement-answer': 'supplement', 'supplements': 'supplement', 'confirmation': 'process', 'confirmations': 'process', 'desk-result': 'return-result', 'result': 'return-result',
    'dossiers': 'statistics', 'fee': 'pay', 'deadline': 'process',
  },
  signers: { confirmation: { header: 'x-system', id: 'civil-status', key: 'specialised' } },
  samples: {
    'forwarded': { status: 200, input: forwardedDossier },
    'statuses': { status: 200, input: (context) => ({ statuses: [{ reference: context.tag(), dossierCode: context.dossierCode(), status: 'received', at: context.nowMs(), source: 'staff' }] }) },
    'own-service': { status: 201, needs: ['own-service'], input: (context) => application(context) },
    'desk-dossier': { status: 201, needs: ['push-dossier'], input: (context) => deskOrder(context) },
    'desk-look-up': { status: 200, input: async (context) => ({ reference: (await forwarded(context)).reference }) },
    'desk-status': { status: 201, needs: ['push-status'], input: async (context) => ({ reference: context.tag(), dossierCode: (await forwarded(context)).dossierCode, status: 'in-process' }) },
    'attach': { status: 201, input: async (context) => upload(context, (await forwarded(context)).dossierCode, Buffer.from('mẫu')) },
    'attachments': { status: 200, input: async (context) => ({ dossierCode: (await forwarded(context)).dossierCode }) },
    'supplement-ask': { status: 201, input: async (context) => ({ reference: context.tag(), dossierCode: (await forwarded(context)).dossierCode, text: 'Đề nghị bổ sung' }) },
    'supplement-answer': { status: 409, input: async (context) => supplementAnswer(context, (await forwarded(context)).dossierCode), topics: ['incomplete', 'malformed', 'wrong-types', 'too-large', 'wrong-method'] },
    'confirmation': { status: 200, input: async (context) => confirmation(context, (await forwarded(context)).dossierCode) },
    'desk-result': { status: 201, input: async (context) => ({ reference: context.tag(), dossierCode: (await forwarded(context)).dossierCode, outcome: 'granted', note: '' }) },
    'dossiers': { status: 200, input: () => ({ limit: 1 }) },
    'fee': { status: 200, input: ({ fixture: { unit } }) => ({ procedureCode: unit.procedures[0], unitCode: unit.unitCode }) },
    'deadline': { status: 200, input: async (context) => ({ dossierCode: (await forwarded(context)).dossierCode }) },
    'readiness': { status: 200, input: () => ({}) },
  },
}
