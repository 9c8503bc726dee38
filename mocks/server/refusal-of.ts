/** A refusal as the contract states it: the status and the English text stand with the operation, so that mock and contract cannot differ. */
import type { Operation } from '../../contracts/partner-api/operation.ts'
import { refusal, type Answer } from './route.ts'

export function refusalOf({ name, refuses }: Pick<Operation, 'name' | 'refuses'>, code: string, detail?: string): Answer {
  const refused = refuses?.[code]
  if (!refused) throw new Error(`operation "${name}" does not refuse with ${code}`)
  return refusal(refused.status, code, detail === undefined ? refused.when.en : `${refused.when.en}: ${detail}`)
}
