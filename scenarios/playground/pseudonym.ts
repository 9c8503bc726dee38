/** What a reader makes of a name (`cutover/access.ts`), written out once more: the load generator must come to the same. */
import { createHmac } from 'node:crypto'

export function pseudonymFor(key: string, name: string): string {
  return `p-${createHmac('sha256', key).update(name.normalize('NFC').replace(/[\s\u00a0]+/g, ' ').trim()).digest('hex').slice(0, 24)}`
}
