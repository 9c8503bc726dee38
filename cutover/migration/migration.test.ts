import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bulkCopy, deltaCopy, loadMapping, remainingChanges, undoCopy, verify, type Mapping } from './index.ts'
import { LOCK_KEY } from './connection.ts'
import { startThrowawayPostgres, type Portals } from './throwaway-postgres.ts'

let portals: Portals
let mapping: Mapping

beforeAll(async () => {
  portals = await startThrowawayPostgres()
  const file = new URL('../mappings/legacy-to-portal.yaml', import.meta.url)
  mapping = loadMapping(await readFile(file, 'utf8'), 'legacy-to-portal.yaml')
})
afterAll(() => portals?.close())
beforeEach(() => portals.empty())

const options = () => ({ from: portals.from, to: portals.to, mapping })

/** A small old portal: every status, every text and time trap, payments of every kind. */
async function fillOld(): Promise<void> {
  await portals.old.query(`
    insert into hoso (ma_hoso, ma_thamchieu, ma_tthc, ma_donvi, so_dinhdanh, hoten, ngaysinh, trangthai, phi, ngaynop, capnhat_luc, ghichu) values
    ('H01.2023.000001', null, '9.900001.000.00.00.H01', 'H01', '999900000011', 'Người Thử 000001 Trần Hòa', '1990-05-06 00:00 Asia/Ho_Chi_Minh', 1, 8000, '2023-03-01 08:00+07', '2023-03-02+07', 'Ghi chú'),
    ('H02.2023.000002', 'old.1.submit.0123456789', '9.900004.000.00.00.H02', 'H02', '999900000022', normalize('Người Thử 000002 Lê Thúy', NFD), '1975-06-12 00:00 Asia/Ho_Chi_Minh', 6, 200000, '2023-12-31 23:59:59.123456+07', now(), ''),
    ('G06.2022.000003', null, '9.900014.000.00.00.G06', 'G06', '999900000033', 'Ng\u00adêi Thö 000003 NguyÔn V¨n', '1950-02-03 00:00 Asia/Ho_Chi_Minh', 4, 360000, '2022-01-01 00:00+07', '2022-02-01+07', ''),
    ('H03.2021.000004', null, '9.900001.000.00.00.H03', 'H03', '999900000044', '  Người\u00a0Thử  000004 Hoà ', '1975-06-13 00:00 Asia/Ho_Chi_Minh', 9, 8000, '2021-01-01+07', '2021-02-01+07', ''),
    ('H34.2026.000005', null, '9.900001.000.00.00.H34', 'H34', '999900000055', 'Người Thử 000005 Võ Khoẻ', '1940-01-01 00:00 Asia/Ho_Chi_Minh', 10, 8000, '2026-01-01+07', '2026-02-01+07', '')`)
  await portals.old.query(`
    insert into thanhtoan (ma_giaodich, ma_hoso, nganhang, sotien, trangthai, ngaytra, capnhat_luc) values
    ('GD-1', 'H01.2023.000001', 'vcb', 8000, 1, '2023-03-01 09:00+07', '2023-03-01 09:00+07'), ('GD-2', 'H02.2023.000002', 'bidv', 200000, 0, null, now()),
    ('GD-3', 'G06.2022.000003', 'vcb', 360000, 2, null, '2022-01-02+07'), ('GD-4', 'G06.2022.000003', 'vcb', 360000, 3, null, '2022-01-03+07')`)
  await portals.old.query("select setval('so_hoso', 7000123)")
}

const dossier = async (legacyCode: string) => (await portals.fresh.query('select *, applicant_birth_date::text as birth from dossiers where legacy_code = $1', [legacyCode])).rows[0]

describe('bulk copy', () => {
  it('carries every trap over', async () => {
    await fillOld()
    const counts = await bulkCopy(options())
    expect(counts).toMatchObject({ dossiers: { read: 5, inserted: 5, updated: 0, unchanged: 0, refused: 0 }, payments: { read: 4, inserted: 4 }, repairs: { tcvn3: 1, nfc: 1, spaces: 1 }, copied: 5 })
    expect(await dossier('H01.2023.000001')).toMatchObject({ code: 'H01-230301-100000001', partner_id: 'ha-noi', procedure_code: '9.900001', status: 'newly-registered', origin: 'migrated', applicant_name: 'Người Thử 000001 Trần Hòa', birth: '1990-05-06', fee_vnd: '8000', note: 'Ghi chú' })
    // The last moment of the year in Hanoi, and the last day at UTC+8.
    expect(await dossier('H02.2023.000002')).toMatchObject({ code: 'H02-231231-100000002', reference: 'old.1.submit.0123456789', applicant_name: 'Người Thử 000002 Lê Thúy', birth: '1975-06-12', submitted_at: new Date('2023-12-31T16:59:59.123Z') })
    expect(await dossier('G06.2022.000003')).toMatchObject({ code: 'G06-220101-100000003', applicant_name: 'Người Thử 000003 Nguyễn Văn', birth: '1950-02-03', partner_id: 'health' })
    expect(await dossier('H03.2021.000004')).toMatchObject({ applicant_name: 'Người Thử 000004 Hoà', birth: '1975-06-13', status: 'done' })
    expect(await dossier('H34.2026.000005')).toMatchObject({ birth: '1940-01-01', status: 'result-returned' })
    const { rows } = await portals.fresh.query('select transaction_code, status, amount_vnd, dossier_code from payments order by 1')
    expect(rows).toEqual([
      { transaction_code: 'GD-1', status: 'paid', amount_vnd: '8000', dossier_code: 'H01-230301-100000001' }, { transaction_code: 'GD-2', status: 'initiated', amount_vnd: '200000', dossier_code: 'H02-231231-100000002' },
      { transaction_code: 'GD-3', status: 'failed', amount_vnd: '360000', dossier_code: 'G06-220101-100000003' }, { transaction_code: 'GD-4', status: 'expired', amount_vnd: '360000', dossier_code: 'G06-220101-100000003' },
    ])
  })

  it('changes nothing the second time', async () => {
    await fillOld()
    await bulkCopy(options())
    const before = await portals.fresh.query('select xmin, * from dossiers order by code')
    expect(await bulkCopy(options())).toMatchObject({ dossiers: { inserted: 0, updated: 0, unchanged: 5 }, payments: { inserted: 0, updated: 0, unchanged: 4 } })
    expect((await portals.fresh.query('select xmin, * from dossiers order by code')).rows).toEqual(before.rows)
  })

  it('goes on after an abort in the middle', async () => {
    await manyOld(5_000)
    const abort = new AbortController()
    const events: number[] = []
    await expect(bulkCopy({ ...options(), signal: abort.signal, onProgress: ({ done }) => { events.push(done); abort.abort(new Error('enough')) } })).rejects.toThrow('enough')
    const half = Number((await portals.fresh.query('select count(*) from dossiers')).rows[0].count)
    expect(half).toBe(2_000)
    expect(events).toEqual([2_000])
    expect(await bulkCopy(options())).toMatchObject({ dossiers: { read: 5_000, inserted: 3_000, unchanged: 2_000 }, copied: 5_000 })
    await deltaCopy(options())
    expect(await verify(options())).toMatchObject({ compared: 5_000, mismatchCount: 0 })
  })

  it('names rows that cannot be mapped, and rows that the new side refuses, and carries the others', async () => {
    await fillOld()
    await portals.old.query("update hoso set trangthai = 42 where ma_hoso = 'H01.2023.000001'; update hoso set ma_tthc = 'LOCAL-7' where ma_hoso = 'H03.2021.000004'")
    await portals.fresh.query("insert into dossiers (code, reference, procedure_code, unit_code, partner_id, applicant_id, applicant_name, applicant_birth_date, status, origin, submitted_at) values ('H02-260410-000001', 'old.1.submit.0123456789', '9.900001', 'H02', 'hue', '999', 'x', '2000-01-01', 'received', 'direct', now())")
    const counts = await bulkCopy(options())
    expect(counts.dossiers).toEqual({ read: 5, inserted: 2, updated: 0, unchanged: 0, refused: 3 })
    expect(counts.refusals).toEqual(expect.arrayContaining([
      expect.objectContaining({ legacyCode: 'H01.2023.000001', field: 'trangthai', value: '42' }),
      expect.objectContaining({ legacyCode: 'H03.2021.000004', field: 'ma_tthc', value: 'LOCAL-7' }),
      expect.objectContaining({ legacyCode: 'H02.2023.000002', field: 'dossiers_reference_key' }),
    ]))
    await deltaCopy(options())
    const { mismatches } = await verify(options())
    expect(mismatches.filter(({ field }) => field === 'dossier').map(({ legacyCode }) => legacyCode)).toEqual(['H01.2023.000001', 'H02.2023.000002', 'H03.2021.000004'])
  })

  it('lets only one migrator write', async () => {
    await fillOld()
    await portals.fresh.query(`select pg_advisory_lock(${LOCK_KEY})`)
    await expect(bulkCopy(options())).rejects.toThrow('MIGRATION_BUSY')
    await portals.fresh.query(`select pg_advisory_unlock(${LOCK_KEY})`)
    expect(await bulkCopy(options())).toMatchObject({ copied: 5 })
  })

  it.each<[string, () => Partial<ReturnType<typeof options>>, RegExp]>([
    ['cannot be reached', () => ({ to: 'postgres://postgres:wrong@127.0.0.1:1/none' }), /MIGRATION_UNREACHABLE: the new database.*127\.0\.0\.1:1/],
    ['is no URL', () => ({ from: 'localhost/old' }), /MIGRATION_URL_INVALID: the old database/],
    ['is the other side', () => ({ from: portals.to, to: portals.from }), /MIGRATION_NOT_A_PORTAL: the old database "portal" has no hoso, thanhtoan, so_hoso/],
  ])('says which side %s', async (_name, change, message) => {
    await expect(bulkCopy({ ...options(), ...change() })).rejects.toThrow(message)
  })

  it('counts what the new side really holds, where that loses rows without a word', async () => {
    await fillOld()
    await portals.fresh.query(`create function swallow() returns trigger language plpgsql as $$ begin return case when new.legacy_code = 'G06.2022.000003' then null else new end; end $$;
      create trigger swallow before insert on dossiers for each row execute function swallow()`)
    expect(await bulkCopy(options())).toMatchObject({ dossiers: { read: 5, inserted: 4 }, payments: { read: 4, inserted: 2 }, copied: 4 })
    await deltaCopy(options())
    const { mismatches, byField } = await verify(options())
    expect(byField).toMatchObject({ dossier: 1, payment: 2 })
    expect(mismatches.filter(({ legacyCode }) => legacyCode !== null)).toEqual([
      { legacyCode: 'G06.2022.000003', code: null, field: 'dossier', expected: 'present', found: null },
      { legacyCode: 'GD-3', code: null, field: 'payment', expected: 'present', found: null },
      { legacyCode: 'GD-4', code: null, field: 'payment', expected: 'present', found: null },
    ])
  })
})

/** `count` plain dossiers. */
async function manyOld(count: number): Promise<void> {
  await portals.old.query(`insert into hoso (ma_hoso, ma_tthc, ma_donvi, so_dinhdanh, hoten, ngaysinh, trangthai, phi, ngaynop, capnhat_luc)
    select 'H01.2023.' || lpad(i::text, 6, '0'), '9.900001.000.00.00.H01', 'H01', '99990000' || i, 'Người Thử ' || i, '1990-01-01+07', 1 + i % 10, 8000, '2023-01-01+07'::timestamptz + i * interval '1 minute', '2023-02-01+07'
    from generate_series(1, $1::int) i`, [count])
}

describe('delta copy', () => {
  it('needs a bulk copy before it', async () => {
    await expect(deltaCopy(options())).rejects.toThrow('MIGRATION_BULK_MISSING')
  })

  it('brings what changed and what is new, hands dossiers in progress over once, moves the numbers on', async () => {
    await fillOld()
    await bulkCopy(options())
    expect((await portals.fresh.query('select 1 from outbox')).rowCount).toBe(0)
    await portals.old.query(`update hoso set trangthai = 9, capnhat_luc = now() where ma_hoso = 'G06.2022.000003'; update thanhtoan set trangthai = 1, ngaytra = now(), capnhat_luc = now() where ma_giaodich = 'GD-2';
      insert into hoso (ma_hoso, ma_thamchieu, ma_tthc, ma_donvi, so_dinhdanh, hoten, ngaysinh, trangthai, ngaynop) values ('H01.2026.000006', 'old.2.submit.0123456789', '9.900001.000.00.00.H01', 'H01', '999900000066', 'Người Thử 000006', '2000-01-01+07', 1, '2026-04-10 21:30+07')`)
    expect(await remainingChanges(options())).toBe(3)
    const delta = await deltaCopy(options())
    expect(delta).toMatchObject({ dossiers: { inserted: 1, updated: 1 }, payments: { inserted: 0, updated: 1 }, changed: 3, copied: 6, handedOver: 3, numbers: { highest: 7_000_123, next: 7_000_124 } })
    expect(await remainingChanges(options())).toBe(0)
    const { rows } = await portals.fresh.query("select topic, payload from outbox order by payload ->> 'dossierCode'")
    expect(rows.map(({ payload }) => payload.dossierCode)).toEqual(['H01-230301-100000001', 'H01-260410-100000006', 'H02-231231-100000002'])
    expect(rows[1]).toEqual({ topic: 'dossier', payload: { reference: 'old.2.submit.0123456789', dossierCode: 'H01-260410-100000006', procedureCode: '9.900001', unitCode: 'H01', applicantName: 'Người Thử 000006', status: 'newly-registered', submittedAt: Date.parse('2026-04-10T21:30:00+07:00'), origin: 'migrated', partner: 'ha-noi' } })
    expect(await deltaCopy(options())).toMatchObject({ changed: 0, handedOver: 0 })
    expect((await portals.fresh.query("select nextval('dossier_number')::int as next")).rows[0].next).toBe(7_000_124)
    expect(await verify(options())).toMatchObject({ compared: 10, mismatchCount: 0 })
  })

  it('never moves the numbers back', async () => {
    await fillOld()
    await portals.fresh.query("select setval('dossier_number', 9000000)")
    await bulkCopy(options())
    expect(await deltaCopy(options())).toMatchObject({ numbers: { next: 9_000_001 } })
  })

  it('catches a change that was open when the bulk took its snapshot, however old its time stamp', async () => {
    await fillOld()
    await portals.old.query("begin; update hoso set trangthai = 8, capnhat_luc = now() where ma_hoso = 'H01.2023.000001'")
    await bulkCopy(options())
    expect(await dossier('H01.2023.000001')).toMatchObject({ status: 'newly-registered' })
    await portals.old.query('commit')
    expect(await remainingChanges(options())).toBe(1)
    expect(await deltaCopy(options())).toMatchObject({ changed: 1 })
    expect(await dossier('H01.2023.000001')).toMatchObject({ status: 'stopped' })
    expect(await verify(options())).toMatchObject({ mismatchCount: 0 })
  })

  it('catches a change that was made while the bulk was reading', async () => {
    await manyOld(5_000)
    let changed: Promise<unknown> | undefined
    // The first rows have been copied by now, the last have not been read.
    await bulkCopy({ ...options(), onProgress: () => { changed ??= portals.old.query("update hoso set trangthai = 9, capnhat_luc = now() where ma_hoso in ('H01.2023.000003', 'H01.2023.004994')") } })
    await changed
    expect(await deltaCopy(options())).toMatchObject({ changed: 2 })
    expect(await verify(options())).toMatchObject({ mismatchCount: 0 })
  })

  it('leaves a dossier alone that the new portal has moved on', async () => {
    await fillOld()
    await bulkCopy(options())
    await portals.fresh.query("insert into dossier_events values ('new.1.status.0123456789', 'G06-220101-100000003', 'done', now(), 'health'); update dossiers set status = 'done' where code = 'G06-220101-100000003'")
    await portals.old.query("update hoso set trangthai = 5, capnhat_luc = now() where ma_hoso = 'G06.2022.000003'")
    expect(await deltaCopy(options())).toMatchObject({ changed: 0 })
    expect(await dossier('G06.2022.000003')).toMatchObject({ status: 'done' })
    expect(await verify(options())).toMatchObject({ mismatchCount: 0 })
  })
})

describe('undo', () => {
  it('removes what was migrated and nothing else; a later copy meets the same codes', async () => {
    await fillOld()
    await portals.fresh.query("insert into dossiers (code, procedure_code, unit_code, partner_id, applicant_id, applicant_name, applicant_birth_date, status, origin, submitted_at) values ('H02-260410-000001', '9.900001', 'H02', 'hue', '999', 'x', '2000-01-01', 'received', 'synced', now())")
    await bulkCopy(options())
    await deltaCopy(options())
    await portals.fresh.query("insert into payments (transaction_code, dossier_code, amount_vnd, status, origin) values ('NEW-1', 'H02-231231-100000002', 200000, 'paid', 'direct')")
    expect(await undoCopy(options())).toEqual({ dossiers: 4, payments: 3, queued: 2, kept: 1 })
    expect((await portals.fresh.query('select code from dossiers order by 1')).rows).toEqual([{ code: 'H02-231231-100000002' }, { code: 'H02-260410-000001' }])
    await expect(deltaCopy(options())).rejects.toThrow('MIGRATION_BULK_MISSING')
    await bulkCopy(options())
    expect(await dossier('H01.2023.000001')).toMatchObject({ code: 'H01-230301-100000001' })
    expect(await undoCopy(options())).toMatchObject({ dossiers: 4, kept: 1 })
  })
})

describe('verify', () => {
  beforeEach(async () => {
    await fillOld()
    await bulkCopy(options())
    await deltaCopy(options())
  })

  it('has nothing to say about a clean copy', async () => {
    expect(await verify(options())).toEqual({ compared: 9, mismatchCount: 0, byField: {}, mismatches: [] })
  })

  it('accepts another placement of the tone, which is the same name', async () => {
    await portals.fresh.query("update dossiers set applicant_name = 'Người Thử 000001 Trần Hoà' where legacy_code = 'H01.2023.000001'")
    expect(await verify(options())).toMatchObject({ mismatchCount: 0 })
  })

  const first = "where legacy_code = 'H01.2023.000001'"
  it.each<[field: string, sql: string, expected: string | null, found: string | null]>([
    ['code', `alter table payments drop constraint payments_dossier_code_fkey; update dossiers set code = 'H01-230302-100000001' ${first}; update payments set dossier_code = 'H01-230302-100000001' where transaction_code = 'GD-1'`, 'H01-230301-100000001', 'H01-230302-100000001'],
    ['reference', `update dossiers set reference = 'x' ${first}`, null, 'x'],
    ['procedureCode', `update dossiers set procedure_code = '9.900002' ${first}`, '9.900001', '9.900002'],
    ['unitCode', `update dossiers set unit_code = 'H02' ${first}`, 'H01', 'H02'],
    ['partner', `update dossiers set partner_id = 'hue' ${first}`, 'ha-noi', 'hue'],
    ['applicantId', `update dossiers set applicant_id = '999900000099' ${first}`, '999900000011', '999900000099'],
    ['applicantName', `update dossiers set applicant_name = 'Người Thử 000001 Trần Hóa' ${first}`, 'Người Thử 000001 Trần Hòa', 'Người Thử 000001 Trần Hóa'],
    ['applicantName', `update dossiers set applicant_name = applicant_name || ' ' ${first}`, 'Người Thử 000001 Trần Hòa', 'Người Thử 000001 Trần Hòa '],
    ['applicantBirthDate', `update dossiers set applicant_birth_date = applicant_birth_date - 1 ${first}`, '1990-05-06', '1990-05-05'],
    ['phone', `update dossiers set phone = '0990000001' ${first}`, '', '0990000001'],
    ['note', `update dossiers set note = '' ${first}`, 'Ghi chú', ''],
    ['status', `update dossiers set status = 'received' ${first}`, 'newly-registered', 'received'],
    ['feeVnd', `update dossiers set fee_vnd = 8001 ${first}`, '8000', '8001'],
    ['submittedAt', `update dossiers set submitted_at = submitted_at + interval '1 second' ${first}`, '2023-03-01T01:00:00.000Z', '2023-03-01T01:00:01.000Z'],
    ['dueAt', `update dossiers set due_at = '2023-03-08 00:00Z' ${first}`, null, '2023-03-08T00:00:00.000Z'],
    ['dossier', `delete from payments where transaction_code = 'GD-1'; delete from dossiers ${first}`, 'present', null],
    ['dossier', `update dossiers set legacy_code = 'H01.2023.999999' ${first}`, null, 'present'],
    ['payment', "delete from payments where transaction_code = 'GD-1'", 'present', null],
    ['payment', "insert into payments select 'GD-9', dossier_code, null, null, bank, 1, 'failed', null, origin from payments where transaction_code = 'GD-1'", null, 'present'],
    ['payment.dossier', "update payments set dossier_code = 'H02-231231-100000002' where transaction_code = 'GD-1'", 'H01.2023.000001', 'H02.2023.000002'],
    ['payment.dossier', "alter table payments drop constraint payments_dossier_code_fkey; update payments set dossier_code = 'nowhere' where transaction_code = 'GD-1'", 'H01.2023.000001', null],
    ['payment.bank', "update payments set bank = 'bidv' where transaction_code = 'GD-1'", 'vcb', 'bidv'],
    ['payment.amountVnd', "update payments set amount_vnd = 800 where transaction_code = 'GD-1'", '8000', '800'],
    ['payment.status', "update payments set status = 'expired' where transaction_code = 'GD-1'", 'paid', 'expired'],
    ['payment.paidAt', "update payments set paid_at = null where transaction_code = 'GD-1'", '2023-03-01T02:00:00.000Z', null],
    ['dossiers.vnd(newly-registered)', `update dossiers set fee_vnd = 0 ${first}`, '8000', '0'],
    ['payments.count(paid)', "update payments set status = 'failed' where transaction_code = 'GD-1'", '1', '0'],
    ['nextNumber', "select setval('dossier_number', 5)", '> 7000123', '6'],
  ])('names %s with both values', async (field, sql, expected, found) => {
    await portals.fresh.query(sql)
    const named: unknown[] = []
    const result = await verify({ ...options(), onMismatch: (mismatch) => named.push(mismatch) })
    expect(result.mismatches).toContainEqual(expect.objectContaining({ field, expected, found }))
    expect(named).toEqual(result.mismatches)
    // Nothing but the planted row and the sums that it stands in.
    for (const { legacyCode, code } of result.mismatches) {
      if (legacyCode !== null) expect(['H01.2023.000001', 'H01.2023.999999', 'GD-1', 'GD-9']).toContain(legacyCode)
      else if (code !== null) expect(code).toBe('GD-9')
    }
  })
})
