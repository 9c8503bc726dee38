/** Certificates for parts that speak TLS, of the run's own authority. Who shows them is the part itself, told by its administration interface. */
import type { StackPlatform } from '../../../contracts/platform.ts'
import type { Identity } from '../certificates.ts'
import { cannot, type Parts } from './parts.ts'

export function certificates(parts: Parts, identities: ReadonlyMap<string, Identity>): Pick<StackPlatform, 'tls'> {
  return {
    tls(part) {
      const identity = identities.get(parts.of(part).spec.name)
      if (!identity) throw cannot(`another certificate for ${part}`, 'it speaks no TLS')
      const { key: _, ...shown } = identity
      return shown
    },
  }
}
