/** QR codes: by EMVCo, once for an order, readable by any name; their state and their cancelling. */
import { PAYER_BANKS } from '../../../contracts/reference/banks.ts'
import { answered, demand, listIn, numberIn, shows, textIn, type Check } from '../../check.ts'
import { NAME_COMPOSED, NAME_DECOMPOSED } from '../../text-forms.ts'
import { crcFits, field, readEmv } from './emv-qr.ts'
import { bankCheck, issued, order, paid, scan } from './orders.ts'

/** What every payload of a payment in VND within Viet Nam says, and its form. */
const FIXED: readonly (readonly [tag: string, value: string])[] = [['00', '01'], ['01', '12'], ['53', '704'], ['58', 'VN']]

export const QR_CHECKS: readonly Check[] = [
  bankCheck('qr.emvco', 'Mã QR theo EMVCo: độ dài các trường đúng, CRC đúng, tiền VND, mã dùng một lần, đúng số tiền và mã giao dịch', 'A QR is EMVCo\'s: lengths fit, CRC fits, VND, dynamic, with amount and transaction code', async (context) => {
    const code = await issued(context, context.inbox())
    const exchange = context.exchanges.at(-1)!
    const fields = readEmv(code.qr)
    demand(fields, { vi: 'các trường tag-độ dài-giá trị', en: 'fields of tag, length and value' }, code.qr, exchange)
    demand(crcFits(code.qr), { vi: 'CRC-16/CCITT-FALSE đúng', en: 'a CRC-16/CCITT-FALSE that fits' }, code.qr.slice(-8), exchange)
    for (const [tag, value] of [...FIXED, ['54', String(code.amountVnd)] as const]) demand(field(fields, tag) === value, `${tag} = ${value}`, `${tag} = ${field(fields, tag)}`, exchange)
    demand(field(fields, '62')?.includes(code.transactionCode), { vi: `mã giao dịch ${code.transactionCode} trong trường 62`, en: `transaction code ${code.transactionCode} in field 62` }, `62 = ${field(fields, '62')}`, exchange)
  }),
  bankCheck('qr.idempotent', 'Cùng lệnh gửi lại nhận cùng mã QR', 'The same order again gets the same QR', async (context) => {
    const inbox = context.inbox()
    const input = order(context, inbox)
    const codes = []
    for (let n = 0; n < 3; n += 1) {
      const exchange = await context.ask('qr', input)
      answered(exchange, 201)
      codes.push(textIn(exchange, 'qr'))
    }
    context.made('transaction', input.transactionCode)
    demand(new Set(codes).size === 1, { vi: 'cùng một mã', en: 'one code' }, [...new Set(codes)].join(' / '), context.exchanges.at(-1))
  }),
  bankCheck('qr.contradiction', 'Cùng mã giao dịch, nội dung khác: từ chối 409', 'The same transaction code with other particulars is refused with 409', async (context) => {
    const { qr: _, ...input } = await issued(context, context.inbox())
    for (const change of [{ amountVnd: input.amountVnd + 1 }, { account: `${input.account.slice(0, -1)}${input.account.endsWith('0') ? 1 : 0}` }, { expiresAt: input.expiresAt + 60_000 }]) {
      answered(await context.ask('qr', { ...input, ...change }), 409, 'TRANSACTION_EXISTS')
    }
  }),
  bankCheck('qr.text', 'Tên đơn vị thụ hưởng dạng NFC và NFD cho cùng một tên trong mã QR', 'A beneficiary\'s name in NFC and in NFD gives the same name in the QR', async (context) => {
    const inbox = context.inbox()
    const names = []
    for (const accountName of [NAME_COMPOSED, NAME_DECOMPOSED]) names.push(field(readEmv((await issued(context, inbox, { accountName })).qr) ?? [], '59'))
    demand(names[0] !== undefined && names[0] === names[1], { vi: 'cùng một tên ở trường 59', en: 'one name in field 59' }, names.join(' / '), context.exchanges.at(-1))
  }),
  bankCheck('qr.amounts', 'Từ chối số tiền không phải số nguyên dương', 'Refuses an amount that is not a positive whole number', async (context) => {
    for (const amountVnd of [0, -1, 0.5]) answered(await context.ask('qr', order(context, context.inbox(), { amountVnd })), 400, 'REQUEST_INVALID')
  }),
  bankCheck('qr.bank-unknown', 'Từ chối ngân hàng không có trong danh sách', 'Refuses a bank that is not on the list', async (context) => {
    answered(await context.ask('qr', order(context, context.inbox(), { bankCode: 'NOBANK' })), 422, 'BANK_UNKNOWN')
  }),
  bankCheck('qr.budget', 'Kho bạc từ chối lệnh thiếu chương, tiểu mục, mã đơn vị ngân sách', 'The Treasury refuses an order without chapter, item and unit of the budget', async (context) => {
    const { budget: _, ...input } = order(context, context.inbox())
    const { json } = await context.ask('banks', {})
    const exchange = await context.ask('qr', input)
    if (json?.kind === 'treasury') answered(exchange, 422, 'BUDGET_CODE_MISSING')
    else answered(exchange, 201)
  }),
  bankCheck('banks.choice', 'Ngân hàng trong danh sách, đang phục vụ, thì chọn được', 'A bank on the list that serves can be chosen', async (context) => {
    const list = await context.ask('banks', {})
    answered(list, 200)
    const banks = listIn(list, 'banks')
    for (const name of ['code', 'bin'] as const) demand(new Set(banks.map((one) => one[name])).size === banks.length, { vi: `mỗi ${name} một lần`, en: `each ${name} once` }, banks.map((one) => String(one[name])).join(', '), list)
    const choice = banks.find((bank: { available?: boolean }) => bank.available)
    demand(choice, { vi: 'ít nhất một ngân hàng đang phục vụ', en: 'at least one bank that serves' }, list.text.slice(0, 200), list)
    await issued(context, context.inbox(), { bankCode: choice.code })
    // Where the row is one that the country knows, it is that one.
    for (const { code, bin } of banks) {
      const known = PAYER_BANKS.find((one) => one.code === code)
      demand(known === undefined || known.bin === bin, `${code} ${known?.bin}`, `${code} ${bin}`, list)
    }
  }),
  bankCheck('status', 'Tình trạng mã QR theo thực tế: đã tạo, rồi đã thanh toán', 'A QR\'s state follows what happens: issued, then paid', async (context) => {
    const code = await issued(context, context.inbox())
    const before = await context.ask('qr-status', { transactionCode: code.transactionCode })
    answered(before, 200)
    shows(before, { transactionCode: code.transactionCode, status: 'issued', amountVnd: code.amountVnd, expiresAt: code.expiresAt, bankReference: null, paidAt: null, creditedVnd: 0 })
    const payment = await scan(context, code.qr)
    answered(payment, 200)
    const after = await context.ask('qr-status', { transactionCode: code.transactionCode })
    shows(after, { transactionCode: code.transactionCode, status: 'paid', amountVnd: code.amountVnd, bankReference: textIn(payment, 'bankReference'), paidAt: numberIn(payment, 'paidAt'), creditedVnd: 0 })
  }, ['scan']),
  bankCheck('status.unknown', 'Không biết giao dịch thì trả 404', 'An unknown transaction is answered 404', async (context) => answered(await context.ask('qr-status', { transactionCode: context.tag() }), 404, 'TRANSACTION_UNKNOWN')),
  bankCheck('cancel', 'Mã đã hủy không thanh toán được nữa; hủy lại cùng tham chiếu không đổi gì', 'A cancelled QR cannot be paid; the same cancel again changes nothing', async (context) => {
    const code = await issued(context, context.inbox())
    const input = { transactionCode: code.transactionCode, reference: context.tag() }
    for (let n = 0; n < 2; n += 1) {
      const exchange = await context.ask('cancel', input)
      answered(exchange, 200)
      shows(exchange, { transactionCode: code.transactionCode, status: 'cancelled', amountVnd: code.amountVnd, expiresAt: code.expiresAt, bankReference: null, paidAt: null, creditedVnd: 0 })
    }
    answered(await context.ask('cancel', { ...input, reference: context.tag() }), 409, 'ALREADY_CANCELLED')
    answered(await scan(context, code.qr), 410, 'QR_CANCELLED')
  }, ['scan']),
  bankCheck('cancel.refused', 'Không hủy được mã đã thanh toán hoặc không có', 'What is paid or unknown cannot be cancelled', async (context) => {
    const code = await paid(context, context.inbox())
    answered(await context.ask('cancel', { transactionCode: code.transactionCode, reference: context.tag() }), 409, 'ALREADY_PAID')
    answered(await context.ask('cancel', { transactionCode: context.tag(), reference: context.tag() }), 404, 'TRANSACTION_UNKNOWN')
  }, ['scan']),
]
