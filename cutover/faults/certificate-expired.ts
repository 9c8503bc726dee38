/**
 * `certificate-expired`: a part shows to whoever comes over TLS a certificate whose time is over, of the same authority and for the same key, as one that nobody renewed;
 * connections made under the good one are ended. Witness: what a handshake of the harness's own was shown meanwhile, and operations whose end clients never learned.
 */
import { z } from 'zod'
import { DISTURBANCES } from '../../contracts/disturbances.ts'
import { STACK_TLS_PARTS } from '../../contracts/platform.ts'
import { shownCertificate } from '../shown-certificate.ts'
import { fault } from './fault.ts'
import { at, seconds } from './params.ts'
import { platformOf, rememberEnd, rememberMoment, spanOf } from './touched-clients.ts'

const REQUIRED = 3
/** When it begins, the certificate is expired for so long, also by clocks that are a little slow. */
const ENDED_BEFORE_MS = 60_000
const HANDSHAKE_MS = 5_000
const Params = z.strictObject({ part: z.enum(STACK_TLS_PARTS).default('edge-new'), at: at(), seconds: seconds(6) })

export const certificateExpired = fault({
  id: 'certificate-expired', title: DISTURBANCES['certificate-expired'], schema: Params as z.ZodType<z.infer<typeof Params>>, touches: ['certificates'],
  phase: (params) => `at-share:${params.at}`,
  lastsMs: (params) => params.seconds * 1_000,
  // Whether it speaks TLS at all.
  async prepare(context, params) { platformOf(context).tls(params.part) },
  async inject(context, params) {
    const { host, port, certificateUntil } = platformOf(context).tls(params.part)
    rememberMoment(context)
    await context.admin(params.part).control({ action: 'certificate.set', certificate: certificateUntil(context.clock.nowMs() - ENDED_BEFORE_MS) })
    context.memory['shown'] = await shownCertificate({ host, port, timeoutMs: HANDSHAKE_MS })
  },
  async heal(context, params) {
    await context.admin(params.part).control({ action: 'certificate.set', certificate: platformOf(context).tls(params.part).certificate })
    rememberEnd(context)
  },
  async witness(context, params) {
    const { from, to } = spanOf(context)
    const shown = context.memory['shown'] as { untilMs: number } | null | undefined
    const unanswered = context.live?.touched({ from, to }).unknown ?? 0
    const seen = shown ? `a certificate that ended at ${new Date(shown.untilMs).toISOString()}` : 'no certificate'
    return {
      touched: shown && shown.untilMs < from ? unanswered : 0, required: REQUIRED,
      note: `a handshake with ${params.part} was shown ${seen}; in its ${((to - from) / 1_000).toFixed(1)} s ${unanswered} operations whose end clients never learned`,
    }
  },
})
