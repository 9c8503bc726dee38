/** Reads a contract profile (contracts/contract-profiles/*.yaml) and compiles it against every role; all mistakes at once, with their lines. */
import { ContractProfile } from '../../contracts/partner-api/contract-profile.ts'
import { ROLES } from '../../contracts/partner-api/roles/index.ts'
import { compileWires, type RoleWire } from '../../contracts/partner-api/wire.ts'
import { parseYaml, readText } from './yaml-document.ts'

export function readContractProfile(file: string, shown = file): { profile: ContractProfile; wires: ReadonlyMap<string, RoleWire> } {
  const { value, place } = parseYaml(readText(file, 'contract profile'), shown, ContractProfile)
  return { profile: value, wires: compileWires(value, ROLES, place) }
}
