/** All faults that can be planted, and how a wish for one is written: `--fault id[:key=value,key=value]`, lists with `+`. */
import { z } from 'zod'
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError, type Problem } from '../../contracts/error.ts'
import { INCIDENT_IDS } from '../../contracts/incidents.ts'
import { PLATFORM_FEATURES, STACK_PARTNERS, type PlatformFeature } from '../../contracts/platform.ts'
import { bankTimeout } from './bank-timeout.ts'
import { certificateExpired } from './certificate-expired.ts'
import { containerKill, containerPause, containerRestart, containerStop } from './containers.ts'
import { databaseFailover } from './database-failover.ts'
import { diskFull } from './disk-full.ts'
import { dnsUneven } from './dns-uneven.ts'
import type { Fault } from './fault.ts'
import { legacyMissing } from './legacy-missing.ts'
import { networkCut, networkDelay, networkLoss } from './network.ts'
import { overload } from './overload.ts'
import { resolverRestart } from './resolver-restart.ts'
import { smsTimeout } from './sms-timeout.ts'
import { syncLost } from './sync-lost.ts'
import { wafBlocksSync } from './waf-blocks-sync.ts'

export const FAULTS: readonly Fault[] = [
  dnsUneven, wafBlocksSync, syncLost, legacyMissing, bankTimeout, smsTimeout, overload,
  containerStop, containerPause, containerKill, containerRestart, networkCut, networkLoss, networkDelay, diskFull, databaseFailover, certificateExpired, resolverRestart,
]

/** Where a fault is to be planted: whether there is a cutover, and what the stack lets be done to its parts. */
export type Ground = { cutover: boolean; platform: readonly PlatformFeature[] }

/** What the stack has to be made ready for. */
export function needsOf(faults: readonly PlannedFault[]): PlatformFeature[] {
  return [...new Set(faults.flatMap(({ id }) => FAULTS.find((candidate) => candidate.id === id)?.touches ?? []))]
}

/** Partners that something is done to: they have to be parts of their own. */
export function partnersApart(faults: readonly PlannedFault[]): string[] {
  return STACK_PARTNERS.filter((id) => faults.some(({ params }) => params['part'] === id))
}

export type PlannedFault = { id: string; params: Record<string, unknown> }

/** Parsed with the fault's schema, its defaults filled in. Throws every problem of the text at once. */
export function parseFault(text: string, run: Ground = { cutover: true, platform: PLATFORM_FEATURES }): PlannedFault {
  const cut = text.indexOf(':')
  const id = cut < 0 ? text : text.slice(0, cut)
  const where = `--fault ${text}`
  const known = FAULTS.find((candidate) => candidate.id === id)
  if (!known) {
    const incident = (INCIDENT_IDS as readonly string[]).includes(id)
    throw new InputError([{
      code: incident ? 'FAULT_NOT_PLANTABLE' : 'FAULT_UNKNOWN', where,
      what: incident ? `"${id}" is an incident that cannot be planted yet` : `"${id}" is no fault`, mend: suggest(id, FAULTS.map((candidate) => candidate.id)),
    }])
  }
  if (known.needsCutover && !run.cutover) {
    const others = FAULTS.filter((candidate) => !candidate.needsCutover).map((candidate) => candidate.id)
    throw new InputError([{ code: 'FAULT_NOT_PLANTABLE', what: `"${id}" needs a cutover; a load has none`, where, mend: `plant it with tongduyet rehearse, or take one of: ${others.join(', ')}` }])
  }
  const lacking = (known.touches ?? []).filter((feature) => !run.platform.includes(feature))
  if (lacking.length > 0) {
    const others = FAULTS.filter((candidate) => (candidate.touches ?? []).every((feature) => run.platform.includes(feature))).map((candidate) => candidate.id)
    throw new InputError([{
      code: 'FAULT_NEEDS_PLATFORM', what: `"${id}" does something to a real part (${lacking.join(', ')}), and this stack has none that can be touched`, where,
      mend: `run it with --target containers, or take one of: ${others.join(', ')}`,
    }])
  }
  const problems: Problem[] = []
  const given: Record<string, string> = {}
  const names = known.schema instanceof z.ZodObject ? Object.keys(known.schema.shape) : []
  for (const part of cut < 0 ? [] : text.slice(cut + 1).split(',')) {
    const at = part.indexOf('=')
    const name = part.slice(0, Math.max(at, 0)).trim()
    if (at <= 0) problems.push({ code: 'FAULT_SYNTAX', what: `"${part}" is no parameter`, where, mend: `write name=value, separated by commas; ${id} takes ${names.join(', ')}` })
    else if (!names.includes(name)) problems.push({ code: 'FAULT_PARAMETER_UNKNOWN', what: `${id} has no parameter "${name}"`, where, mend: suggest(name, names) })
    else if (name in given) problems.push({ code: 'FAULT_PARAMETER_TWICE', what: `${id}: "${name}" is given twice`, where, mend: 'give it once; lists are written with +, as in regions=south+central' })
    else given[name] = part.slice(at + 1).trim()
  }
  const parsed = known.schema.safeParse(given)
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => valueProblem(id, given, issue, where)))
  if (problems.length > 0 || !parsed.success) throw new InputError(problems)
  return { id, params: parsed.data as Record<string, unknown> }
}

function valueProblem(id: string, given: Record<string, string>, issue: z.core.$ZodIssue, where: string): Problem {
  const name = String(issue.path[0])
  const mend = issue.code === 'invalid_value' ? suggest(given[name] ?? '', issue.values.map(String)) : issue.message
  return { code: 'FAULT_PARAMETER_INVALID', what: `${id}: ${name}=${given[name] ?? ''} does not fit`, where, mend }
}
