/**
 * Certificates of a run: an authority made anew, and a key with a certificate for each part that speaks TLS. The authority's key is in the memory of this process alone, a
 * part's in its container.
 */
import { createAuthority, keyText, newKeyPair } from '../../contracts/certificate.ts'
import { STACK_TLS_PARTS, type PartTls } from '../../contracts/platform.ts'
import { PORTAL_HOST, PORTS } from '../parts.ts'
import type { AddressPlan } from './addresses.ts'

/** `key`: PEM. */
export type Identity = PartTls & { key: string }

const DAY_MS = 86_400_000
/** Long before: one that has expired is to have begun earlier. */
const FROM_MS = -90 * DAY_MS
const UNTIL_MS = 90 * DAY_MS

export function drawCertificates({ zonesOf, networkHost }: Pick<AddressPlan, 'zonesOf' | 'networkHost'>): { authority: string; identities: ReadonlyMap<string, Identity> } {
  const now = Date.now()
  const [from, until] = [now + FROM_MS, now + UNTIL_MS]
  const authority = createAuthority('Authority of this rehearsal', { from, until })
  const identityOf = (id: (typeof STACK_TLS_PARTS)[number]): Identity => {
    const { publicKey, privateKey } = newKeyPair()
    const hosts = [PORTAL_HOST, ...zonesOf.edge(id).map(({ address }) => address)]
    const certificateUntil = (untilMs: number) => authority.sign({ subject: PORTAL_HOST, publicKey, hosts, from, until: untilMs })
    return { host: networkHost(id), port: PORTS.https, key: keyText(privateKey), certificate: certificateUntil(until), certificateUntil }
  }
  return { authority: authority.certificate, identities: new Map(STACK_TLS_PARTS.map((id) => [id, identityOf(id)])) }
}
