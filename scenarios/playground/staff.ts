/**
 * Plays what staff work on (`contracts/api/staff.ts`): coordination, feedback, statistics, with permissions, scopes and the process as they are there.
 * A dossier is not here yet when it is looked for the first time, as if its copy were still on its way.
 */
import type { ServerResponse } from 'node:http'
import { partnerOf } from '../../contracts/reference/partners.ts'
import { procedureOf } from '../../contracts/reference/procedures.ts'
import { staffAccountBy, type StaffAccount } from '../../contracts/reference/staff.ts'
import { STATUS_OF_ACTION, type StaffAction } from '../../contracts/staff-actions.ts'
import { isPaid, mayBecome, setStatus, type Fields, type Records } from './records.ts'
import { json, refuse, type Answerer, type Seen } from './serve.ts'

export function playCoordination(records: Records): Answerer {
  const sought = new Set<string>()
  return (seen, response) => {
    const { body } = seen
    const url = new URL(seen.path, 'http://coordination')
    if (url.pathname === '/staff/v1/sessions') {
      const account = staffAccountBy(String(body['account']))
      return account?.passcode === body['passcode'] ? json(response, 201, { token: `token-of-${account!.account}` }) : refuse(response, 401, 'ACCOUNT_UNKNOWN')
    }
    const account = officerOf(seen)
    if (!account) return refuse(response, 401, 'TOKEN_INVALID')
    if (url.pathname === '/staff/v1/dossiers') {
      const reference = url.searchParams.get('reference')!
      const dossier = records.dossier.get(reference)
      if (!dossier || isFirst(sought, reference)) return refuse(response, 404, 'DOSSIER_UNKNOWN')
      return json(response, 200, { ...dossier, paid: url.searchParams.get('payment') === '1' && isPaid(records, dossier['dossierCode']) })
    }
    const [, , , , code, resource] = url.pathname.split('/')
    const dossier = [...records.dossier.values()].find((one) => one['dossierCode'] === code)
    if (!dossier) return refuse(response, 404, 'DOSSIER_UNKNOWN')
    const receives = body['action'] === 'receive' && account.permissions.includes('receive-anywhere')
    if (!receives && !isInScope(account, dossier)) return refuse(response, 403, 'SCOPE_FORBIDDEN')
    return actOn(records, dossier, resource!, body, response)
  }
}

function actOn(records: Records, dossier: Fields, resource: string, body: Fields, response: ServerResponse): void {
  const { dossierCode, feeVnd: amountVnd } = dossier
  const reference = String(body['reference'])
  if (resource === 'actions') {
    const next = STATUS_OF_ACTION[body['action'] as StaffAction]
    if (!mayBecome(dossier, next)) return refuse(response, 409, 'TRANSITION_FORBIDDEN')
    setStatus(records, dossier, next, reference, 'staff')
    return json(response, 201, { dossierCode, status: next })
  }
  if ((resource === 'refunds') !== isPaid(records, dossierCode)) return refuse(response, 409, 'NOTHING_TO_DO')
  const kind = resource === 'refunds' ? 'refund' : 'counter'
  const transactionCode = `${kind}-${records[kind].size + 1}`
  records[kind].set(reference, { transactionCode, dossierCode, amountVnd })
  json(response, 201, { transactionCode, amountVnd })
}

function isInScope({ level, unitCode }: StaffAccount, dossier: Fields): boolean {
  if (level === 'ministry') return dossier['unitCode'] === unitCode
  const procedure = procedureOf(String(dossier['procedureCode']))!
  const territory = partnerOf(String((dossier['sent'] as Fields)['provinceId'])).unitCode
  return territory === unitCode && procedure.level !== 'ministry' && (level === 'province' || procedure.level === 'commune')
}

export function playFeedback(records: Records): Answerer {
  const sought = new Set<string>()
  return (seen, response) => {
    const account = officerOf(seen)
    if (!account) return refuse(response, 401, 'TOKEN_INVALID')
    const url = new URL(seen.path, 'http://feedback')
    const reference = url.searchParams.get('reference')
    const item = reference !== null ? records.feedback.get(reference) : [...records.feedback.values()].find((one) => one['feedbackCode'] === url.pathname.split('/')[4])
    if (!item || (reference !== null && isFirst(sought, reference))) return refuse(response, 404, 'FEEDBACK_UNKNOWN')
    const unit = String(item['unitCode']).slice(0, 3)
    if (unit === 'G00' ? account.level !== 'ministry' : account.unitCode !== unit) return refuse(response, 403, 'SCOPE_FORBIDDEN')
    if (seen.method === 'GET') return json(response, 200, item)
    if (item['status'] === 'answered') return refuse(response, 409, 'ALREADY_ANSWERED')
    item['status'] = 'answered'
    records['feedback-answer'].set(String(seen.body['reference']), { feedbackCode: item['feedbackCode'] })
    json(response, 201, { feedbackCode: item['feedbackCode'], status: 'answered' })
  }
}

export function playStatistics(records: Records): Answerer {
  return (seen, response) => {
    const account = officerOf(seen)
    if (!account) return refuse(response, 401, 'TOKEN_INVALID')
    const unit = new URL(seen.path, 'http://statistics').searchParams.get('unit')
    const dossiers = [...records.dossier.values()].filter((one) => unit === null || one['unitCode'] === unit)
    json(response, 200, { unit: unit ?? 'all', at: Date.now(), figures: { 'dossiers.total': dossiers.length, 'dossiers.overdue': 0, 'payments.paid': records.debit.size } })
  }
}

function officerOf({ token }: Seen): StaffAccount | undefined { return staffAccountBy(token.slice('token-of-'.length)) }

function isFirst(sought: Set<string>, reference: string): boolean {
  if (sought.has(reference)) return false
  sought.add(reference)
  return true
}
