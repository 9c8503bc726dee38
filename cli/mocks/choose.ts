/**
 * Which partners are asked for: `all`, system ids (`bank-vcb`, `partner-justice`), the part after `partner-` (`justice`), roles (`bank`, `sms`), or kinds
 * (`ministry`, `province`, `specialised`). All unknown names at once.
 */
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError } from '../../contracts/error.ts'
import { systemOf } from './listing.ts'

export function choosePartners(text: string, systemIds: readonly string[]): string[] {
  const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '')
  const groups = groupsOf(systemIds)
  const unknown = names.filter((name) => !groups.has(name))
  if (names.length === 0 || unknown.length > 0) {
    throw new InputError((names.length === 0 ? [''] : unknown).map((name) => ({
      code: 'PARTNER_UNKNOWN', what: name === '' ? 'no partner is named' : `partner "${name}" is not known`, where: '--partners', mend: suggest(name, [...groups.keys()]),
    })))
  }
  const chosen = new Set(names.flatMap((name) => groups.get(name)!))
  return systemIds.filter((id) => chosen.has(id))
}

function groupsOf(systemIds: readonly string[]): Map<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>([['all', systemIds]])
  const add = (name: string, id: string) => { groups.set(name, [...groups.get(name) ?? [], id]) }
  for (const id of systemIds) {
    const { contract, kind } = systemOf(id)!
    if (contract.role !== id) add(contract.role, id)
    if (kind !== contract.role && kind !== id) add(kind, id)
  }
  for (const id of systemIds) {
    groups.set(id, [id])
    const short = id.replace(/^partner-/, '')
    if (!groups.has(short)) groups.set(short, [id])
  }
  return groups
}
