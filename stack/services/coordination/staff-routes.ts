/** What officers do here (contracts/api/staff.ts). Every request says by its token who asks; permission and scope are checked before anything is done. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type pg from 'pg'
import { z } from 'zod'
import { StaffAct, StaffLogin, type StaffAction, type StaffDossier, type StaffSession } from '../../../contracts/api/staff.ts'
import { staffAccountBy, type Permission, type StaffAccount, type StaffLevel } from '../../../contracts/reference/staff.ts'
import { parseBody, ServiceError } from '../service-error.ts'
import { requirePermission, type StaffTokens } from '../staff-token.ts'
import { requireScope, type Place } from './scope.ts'
import type { ActResult, createStaffActs } from './staff-acts.ts'
import type { StaffExceptions } from './staff-exceptions.ts'
import type { Moved, StaffMoney } from './staff-money.ts'

const MoneyOrder = z.strictObject({ reference: z.string().min(1) })
const NEEDED: Record<StaffAction, Permission> = {
  'receive': 'receive', 'refuse': 'receive', 'ask-supplement': 'process', 'process': 'process', 'finish': 'process', 'stop': 'process', 'return-result': 'return-result',
}

type WithCode = { Params: { code: string } }

export function staffRoutes(app: FastifyInstance, options: {
  pool: pg.Pool
  tokens: StaffTokens
  exceptions: StaffExceptions
  placeOf: (code: string) => Promise<Place>
  act: ReturnType<typeof createStaffActs>
  money: StaffMoney
}): void {
  const { pool, tokens, exceptions, placeOf, act, money } = options

  /** Also what was taken from the account since it logged in. */
  function officer(authorization: string | undefined): StaffAccount {
    const account = exceptions.applyTo(tokens.require(authorization))
    if (!account) throw new ServiceError(401, 'TOKEN_INVALID', 'the account of this token is not there any more')
    return account
  }

  app.post('/staff/v1/sessions', async ({ body }, reply) => {
    const login = parseBody(StaffLogin, body)
    const known = staffAccountBy(login.account)
    const account = known && exceptions.applyTo(known)
    if (!account) throw new ServiceError(401, 'ACCOUNT_UNKNOWN', `no staff account "${login.account}"`)
    if (login.passcode !== account.passcode) throw new ServiceError(401, 'PASSCODE_WRONG', `not the passcode of "${login.account}"`)
    const { account: name, unitCode, level, permissions } = account
    return reply.code(201).send({ ...tokens.issue(account), account: name, unitCode, level, permissions: [...permissions] } satisfies StaffSession)
  })

  app.get<{ Querystring: { reference?: string; payment?: string } }>('/staff/v1/dossiers', async ({ headers, query }): Promise<StaffDossier> => {
    const account = officer(headers.authorization)
    const { rows: [row] } = await pool.query({
      name: 'staff-dossier',
      text: `select code, procedure_code, unit_code, level, territory, applicant_name, status, origin, fee_vnd, due_at from dossiers where reference = $1 and reference <> '' limit 1`, values: [query.reference ?? ''],
    })
    if (!row) throw new ServiceError(404, 'DOSSIER_UNKNOWN', `no dossier with reference "${query.reference ?? ''}" on the coordination system`)
    requireScope(account, { code: row.code, unitCode: row.unit_code, level: row.level, territory: row.territory }, 'look')
    return {
      dossierCode: row.code, procedureCode: row.procedure_code, unitCode: row.unit_code, level: levelOf(row), applicantName: row.applicant_name, status: row.status, origin: row.origin,
      feeVnd: row.fee_vnd, paid: query.payment === '1' && await money.isPaid(row.code), dueAt: row.due_at,
    }
  })

  app.post<WithCode>('/staff/v1/dossiers/:code/actions', async ({ headers, params: { code }, body }, reply) => {
    const account = officer(headers.authorization)
    const order = parseBody(StaffAct, body)
    requirePermission(account, NEEDED[order.action])
    requireScope(account, await placeOf(code), order.action === 'receive' ? 'receive' : 'other')
    const { created, status }: ActResult = await act({ code, act: order, account: account.account })
    return reply.code(created ? 201 : 200).send({ dossierCode: code, status })
  })

  const moneyRoute = (path: string, permission: Permission, move: (code: string, reference: string) => Promise<Moved>) => {
    app.post<WithCode>(`/staff/v1/dossiers/:code/${path}`, async ({ headers, params: { code }, body }, reply): Promise<FastifyReply> => {
      const account = officer(headers.authorization)
      const { reference } = parseBody(MoneyOrder, body)
      requirePermission(account, permission)
      requireScope(account, await placeOf(code), 'other')
      const { created, answer } = await move(code, reference)
      return reply.code(created ? 201 : 200).send(answer)
    })
  }
  moneyRoute('counter-payments', 'collect-payment', money.collect)
  moneyRoute('refunds', 'refund', money.refund)
}

/** Of a dossier whose level nobody said: ministries have their own, provinces theirs. */
function levelOf({ level, unit_code: unitCode }: { level: StaffLevel | null; unit_code: string }): StaffLevel {
  return level ?? (unitCode.startsWith('G') ? 'ministry' : 'province')
}
