/** The portal, as partners and citizens ask it. */
import { PORTAL } from '../../../contracts/partner-api/roles/portal.ts'
import type { Context } from '../../context.ts'
import type { Need } from '../../needs.ts'
import { SIGNATURE_TOPICS, type RoleSuite, type Sample } from '../role-suite.ts'
import { CITIZEN_CHECKS } from './citizens.ts'
import { session, statusOrder, submission, SYNC, synced, syncOrder } from './sessions.ts'
import { SYNC_CHECKS } from './sync.ts'

const REFUSAL = { status: 400, codes: ['BODY_INVALID', 'REQUEST_INVALID'] }
const BODY_TOPICS = ['incomplete', 'malformed', 'wrong-types', 'too-large'] as const
const CITIZEN: readonly Need[] = ['session', 'citizen']
const asCitizen = (context: Context) => session(context, context.fixture.citizens[0]!)
const byCitizen = (sample: Pick<Sample, 'input' | 'status'> & { topics?: Sample['topics'] }): Sample => ({ topics: BODY_TOPICS, ...sample, needs: CITIZEN, refusal: REFUSAL, headers: asCitizen })

export const portalSuite: RoleSuite = {
  role: PORTAL, flow: 'dossier-sync', checks: [...SYNC_CHECKS, ...CITIZEN_CHECKS],
  flows: { 'sync-status': 'status-sync', 'services': 'find-service', 'me': 'login', 'logout': 'login', 'submit': 'submit', 'own-dossiers': 'submit', 'own-dossier': 'submit', 'withdraw': 'submit', 'supplement': 'supplement', 'pay': 'pay', 'feedback': 'feedback', 'read-feedback': 'feedback' },
  samples: {
    'sync-dossier': { status: 201, refusal: REFUSAL, needs: SYNC, topics: ['good', ...BODY_TOPICS, ...SIGNATURE_TOPICS], input: (context) => syncOrder(context) },
    'sync-status': { status: 201, refusal: REFUSAL, needs: SYNC, topics: ['good', ...BODY_TOPICS, ...SIGNATURE_TOPICS], input: async (context) => statusOrder(context, (await synced(context)).dossierCode, 'in-process') },
    'services': { status: 200, topics: ['good'], input: ({ fixture }) => ({ q: '', province: fixture.unit.provinceId }) },
    'submit': byCitizen({ status: 201, input: (context) => submission(context, { citizen: context.fixture.citizens[0]!, procedureCode: context.fixture.unit.procedures[0]! }) }),
    'feedback': byCitizen({ status: 201, input: (context) => ({ reference: context.tag(), topic: 'portal', provinceId: context.fixture.unit.provinceId, text: context.mark, phone: context.fixture.citizens[0]!.phone }) }),
  },
}
