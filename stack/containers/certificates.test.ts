/** What a run draws for those who come over TLS, and what the platform gives of it. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { planAddresses } from './addresses.ts'
import { drawCertificates } from './certificates.ts'
import type { RunContext } from './container.ts'
import { certificates } from './platform/certificates.ts'
import { createParts } from './platform/parts.ts'
import { ZONES, type ContainerSpec } from './spec.ts'

const plan = planAddresses((zone) => `10.160.${ZONES.indexOf(zone)}`)
const spec = (name: string): ContainerSpec => ({ name, image: 'edge', command: [], files: [], zones: [], memoryMb: 1 })
const parts = createParts({
  context: {} as RunContext, tag: 'tag', ordered: () => {}, running: async () => {},
  parts: new Map(['edge-new', 'portal'].map((name) => [name, { spec: spec(name), container: { name, id: name, pid: 1 } }])),
})

test('the edge has a certificate of the run\'s authority, good for its name and wherever it is reached', () => {
  const { authority, identities } = drawCertificates(plan)
  const identity = identities.get('edge-new')!
  const certificate = new X509Certificate(identity.certificate)
  expect(certificate.verify(new X509Certificate(authority).publicKey)).toBe(true)
  expect(certificate.checkPrivateKey(createPrivateKey(identity.key))).toBe(true)
  expect(certificate.checkHost('portal.dvcqg.test')).toBe('portal.dvcqg.test')
  for (const address of [plan.ofPartners().edges['edge-new'], identity.host]) expect(certificate.checkIP(address)).toBe(address)
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now())
  expect([identity.port, [...identities.keys()]]).toEqual([8443, ['edge-new']])
  expect(drawCertificates(plan).authority).not.toBe(authority)
})

test('another one for the same key differs in its end alone', () => {
  const { identities } = drawCertificates(plan)
  const { certificate, certificateUntil, ...rest } = certificates(parts, identities).tls('edge-new')
  const [one, other] = [new X509Certificate(certificate), new X509Certificate(certificateUntil(Date.parse('2026-04-09T17:00:00Z')))]
  expect(Date.parse(other.validTo)).toBe(Date.parse('2026-04-09T17:00:00Z'))
  const same = ({ subject, issuer, subjectAltName, validFrom, publicKey }: X509Certificate) => [subject, issuer, subjectAltName, validFrom, publicKey.export({ type: 'spki', format: 'pem' })]
  expect(same(other)).toEqual(same(one))
  // Nobody who damages parts needs the key.
  expect(Object.keys(rest)).toEqual(['host', 'port'])
})

test('a part that speaks no TLS has none, and one that nobody knows is named', () => {
  const { identities } = drawCertificates(plan)
  expect(() => certificates(parts, identities).tls('portal')).toThrow(/PLATFORM_CANNOT: another certificate for portal: it speaks no TLS/)
  expect(() => certificates(parts, identities).tls('edge-nev')).toThrow(/PLATFORM_PART_UNKNOWN/)
})
