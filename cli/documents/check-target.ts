/**
 * What a target file's schema cannot say: ids and roles that fit, addresses that the allow-list names, no secret in the file itself, statuses that we know,
 * partners that exist, ways of control that are there. All problems at once, each with its place. Whether secrets are set is asked when it is used.
 */
import { isIP } from 'node:net'
import { z } from 'zod'
import { suggest } from '../../contracts/did-you-mean.ts'
import type { Problem } from '../../contracts/error.ts'
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { REGIONS } from '../../contracts/reference/regions.ts'
import { parseSecretRef } from '../../contracts/secret-ref.ts'
import { DOSSIER_STATUSES } from '../../contracts/status.ts'
import type { SystemRole, Target, TargetSystem } from '../../contracts/target.ts'
import { placesOf, isAllowed } from '../../cutover/allow-list.ts'
import type { Place } from './yaml-document.ts'

/** Roles of which there is one, known to the load and the judge by its name. */
const SINGULAR: readonly SystemRole[] = ['portal', 'legacy', 'coordination', 'catalogue', 'payments', 'notifications', 'statistics', 'feedback', 'vneid', 'dns-authority']
const PREFIX: Partial<Record<SystemRole, string>> = { partner: 'partner-', bank: 'bank-', sms: 'sms', edge: 'edge', resolver: 'resolver-', gateway: 'gateway-' }

export function checkTarget(target: Target, place: Place): Problem[] {
  const regionIds = REGIONS.map(({ id }) => id)
  return [
    ...twice(target.systems.map(({ id }) => id), (index) => place(['systems', index, 'id']), 'system'),
    ...twice(target.regions.map(({ id }) => id), (index) => place(['regions', index, 'id']), 'region'),
    ...target.regions.flatMap(({ id }, index): Problem[] => regionIds.includes(id) ? [] : [{ code: 'REGION_UNKNOWN', what: `region "${id}" is not known`, where: place(['regions', index, 'id']), mend: suggest(id, regionIds) }]),
    ...target.systems.some(({ role, mode, url }) => role === 'portal' && mode !== 'absent' && url !== undefined) ? [] : [{ code: 'TARGET_SYSTEM_MISSING', what: 'there is no portal with a url', where: place(['systems']), mend: 'add a system with role: portal, id: portal and its url' }],
    ...target.systems.flatMap((system, index) => checkSystem(target, system, (path) => place(['systems', index, ...path]))),
    ...checkAllow(target, place),
    ...checkIdentities(target, place),
  ]
}

function twice(ids: readonly string[], where: (index: number) => string, what: string): Problem[] {
  return ids.flatMap((id, index) => ids.indexOf(id) === index ? [] : [{ code: 'NAME_TWICE', what: `${what} "${id}" stands twice`, where: where(index), mend: 'give each an id of its own' }])
}

function checkSystem(target: Target, system: TargetSystem, place: Place): Problem[] {
  const problems: Problem[] = []
  const { id, role, mode } = system
  const prefix = PREFIX[role]
  if (SINGULAR.includes(role) && id !== role) problems.push({ code: 'TARGET_ID_UNFIT', what: `the ${role} is called "${id}"`, where: place(['id']), mend: `call it ${role}: load and judge know it by that name` })
  if (prefix !== undefined && !id.startsWith(prefix)) problems.push({ code: 'TARGET_ID_UNFIT', what: `a ${role} is called "${id}"`, where: place(['id']), mend: `let its id begin with ${prefix}` })
  if (role === 'partner' && id.startsWith('partner-')) {
    const partner = id.slice('partner-'.length)
    const known = PARTNERS.map((one) => one.id)
    if (!known.includes(partner)) problems.push({ code: 'PARTNER_UNKNOWN', what: `"${partner}" is no partner`, where: place(['id']), mend: suggest(partner, known) })
  }
  if (mode === 'simulated' && system.url === undefined && system.admin === undefined && target.simulators?.hosts[id] === undefined) {
    problems.push({ code: 'TARGET_SYSTEM_MISSING', what: `"${id}" is simulated, but nothing says where`, where: place(['mode']), mend: 'give its url, or say under "simulators.hosts:" at which address of this machine the product shall serve it' })
  }
  if (system.database !== undefined && !parseSecretRef(system.database)) problems.push(inline('the database\'s address stands', place(['database'])))
  for (const key of ['url', 'admin'] as const) {
    const url = system[key]
    if (url !== undefined && (new URL(url).password !== '' || new URL(url).username !== '')) problems.push(inline(`credentials of "${id}" stand`, place([key])))
  }
  for (const [act, way] of Object.entries(system.control ?? {})) {
    if (way.by === 'admin' && system.admin === undefined) problems.push({ code: 'KEY_MISSING', what: `"${id}" has no administration interface to be told "${act}"`, where: place(['control', act]), mend: 'give its admin address, or another way: command, http, confirm' })
  }
  return [...problems, ...checkRead(system, place)]
}

function inline(what: string, where: string): Problem {
  return { code: 'TARGET_SECRET_INLINE', what: `${what} in the file itself`, where, mend: 'put it into an environment variable or a file outside the checkout, and write env:NAME or file:PATH here' }
}

function checkRead({ id, role, read, admin, url }: TargetSystem, place: Place): Problem[] {
  if (!read) return []
  if (read.by === 'admin') return admin === undefined ? [{ code: 'KEY_MISSING', what: `"${id}" has no administration interface to be read by`, where: place(['read']), mend: 'give its admin address, or another reader: http, sql, files' }] : []
  const problems: Problem[] = []
  if (read.by === 'http' && read.url === undefined && url === undefined) problems.push({ code: 'KEY_MISSING', what: `"${id}" has no address for its export`, where: place(['read']), mend: 'give read.url, or the system\'s url' })
  for (const [index, records] of read.records.entries()) {
    const at = (path: (string | number)[]) => place(['read', 'records', index, ...path])
    if (role !== 'legacy' && ['dossier', 'event'].includes(records.type)) {
      for (const [theirs, ours] of Object.entries(records.statuses ?? {})) {
        if (!(DOSSIER_STATUSES as readonly string[]).includes(ours)) problems.push({ code: 'TARGET_STATUS_UNKNOWN', what: `"${theirs}" means "${ours}", which is no status`, where: at(['statuses', theirs]), mend: suggest(ours, DOSSIER_STATUSES) })
      }
    }
    for (const [of, field] of records.personal.entries()) {
      if (!(field in records.fields)) problems.push({ code: 'VALUE_INVALID', what: `personal names "${field}", which is none of the fields`, where: at(['personal', of]), mend: suggest(field, Object.keys(records.fields)) })
    }
  }
  return problems
}

const isEntry = (text: string) => isIP(text) !== 0 || z.union([z.cidrv4(), z.cidrv6()]).safeParse(text).success || /^(?=.*[a-z])[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(text)

function checkAllow(target: Target, place: Place): Problem[] {
  const unfit = target.allow.flatMap((entry, index): Problem[] => isEntry(entry) ? [] : [{ code: 'VALUE_INVALID', what: `allow[${index}] is "${entry}"`, where: place(['allow', index]), mend: 'write an address, a block such as 10.20.0.0/16, or the name of a host' }])
  if (unfit.length > 0) return unfit
  return placesOf(target).filter(([, host]) => !isAllowed(host, target.allow)).map(([what, host]) => ({
    code: 'TARGET_NOT_ALLOWED', what: `${what} is at ${host}, which the target does not allow`, where: place(['allow']),
    mend: `correct the address, or add it under "allow:" if the rehearsal may send traffic there; allowed now: ${target.allow.join(', ')}`,
  }))
}

function checkIdentities({ may }: Target, place: Place): Problem[] {
  if (may?.identities === undefined) return []
  try {
    void new RegExp(may.identities)
    return []
  } catch (error) {
    return [{ code: 'VALUE_INVALID', what: `may.identities is no regular expression: ${(error as Error).message}`, where: place(['may', 'identities']), mend: 'write one such as ^99[5-9]' }]
  }
}
