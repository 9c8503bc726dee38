/**
 * What the load generator is told by its environment alone, because it may stand in no plan and no record: what proves it to the systems of a foreign
 * target, and the key by which people in history lines get the pseudonyms that readers give them (`cutover/access.ts` makes the same ones).
 */
import { hmac } from 'k6/crypto'
import { isPersonal } from '../../contracts/reference/personal-fields.ts'
import type { Conclusion } from '../answer.ts'

/** Headers by system id. */
export type Credentials = Readonly<Record<string, Readonly<Record<string, string>>>>

export function credentialsOf(env: Readonly<Record<string, string | undefined>>): Credentials {
  const text = env['CREDENTIALS']
  return text ? JSON.parse(text) as Credentials : {}
}

const HEX_KEPT = 24

/** Undefined where nothing is to be hidden. */
export function hidingOf(env: Readonly<Record<string, string | undefined>>): ((conclusion: Conclusion) => Conclusion) | undefined {
  const key = env['PSEUDONYM_KEY']
  if (!key) return undefined
  const pseudonymOf = (text: string) => `p-${hmac('sha256', key, text.normalize('NFC').replace(/[\s\u00a0]+/g, ' ').trim(), 'hex').slice(0, HEX_KEPT)}`
  return (conclusion) => {
    const { fields } = conclusion
    if (!fields) return conclusion
    const hidden: Record<string, unknown> = {}
    for (const name of Object.keys(fields)) {
      const value = (fields as Record<string, unknown>)[name]
      hidden[name] = isPersonal(name) && value !== null && value !== '' ? pseudonymOf(String(value)) : value
    }
    return { ...conclusion, fields: hidden } as Conclusion
  }
}
