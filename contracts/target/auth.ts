/** How a system of a target wants its callers to prove who they are. Secrets by reference only (`secret-ref.ts`). */
import { z } from 'zod'
import { SecretRef } from '../secret-ref.ts'

export const Auth = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('bearer'), token: SecretRef }),
  z.strictObject({ by: z.literal('basic'), user: z.string().min(1), password: SecretRef }),
  /** A header of the gateway's or the vendor's own: `x-api-key`. */
  z.strictObject({ by: z.literal('header'), name: z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'the name of a header'), value: SecretRef }),
])
export type Auth = z.infer<typeof Auth>

/** Every secret that it names, with its key. */
export function secretsOfAuth(auth: Auth): [string, string][] {
  switch (auth.by) {
    case 'bearer': return [['token', auth.token]]
    case 'basic': return [['password', auth.password]]
    case 'header': return [['value', auth.value]]
  }
}
