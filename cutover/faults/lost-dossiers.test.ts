/** `sync-lost` and `legacy-missing` on a real PostgreSQL with the portals' schemas: acknowledged, committed, gone; and not after healing. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EvidenceRow } from '../../contracts/evidence.ts'
import { systemClock } from '../clock.ts'
import { openAdminStand, type AdminStand } from '../evidence/admin-stand.ts'
import { createMigrationPort } from '../migration-port.ts'
import { startThrowawayPostgres, type Portals } from '../migration/throwaway-postgres.ts'
import type { FaultContext } from './fault.ts'
import { FAULTS, parseFault } from './index.ts'

let portals: Portals
let stand: AdminStand
/** What the partner says of its own dossiers. */
let partnerRows: EvidenceRow[]
beforeAll(async () => { portals = await startThrowawayPostgres() })
afterAll(() => portals?.close())
beforeEach(async () => {
  await portals.empty()
  partnerRows = []
  stand = await openAdminStand({
    portal: { role: 'portal', database: portals.to }, legacy: { role: 'legacy', database: portals.from },
    'partner-justice': { role: 'partner', handlers: { evidence: () => partnerRows } },
  })
})
afterEach(() => stand.close())

function planted(wish: string) {
  const { id, params } = parseFault(wish)
  const fault = FAULTS.find((candidate) => candidate.id === id)!
  const context: FaultContext = {
    target: stand.target, admin: stand.client.of, dns: { ask: async () => null }, seed: 7, memory: {}, clock: systemClock({ startedAtMs: 0, timeScale: 1, scenarioStartMs: 0 }),
  }
  return { inject: () => fault.inject(context, params), heal: () => fault.heal(context, params), witness: () => fault.witness(context, params) }
}

/** As the portal stores a push: dossier and outbox in one statement, answered from RETURNING. */
async function pushed(from: number, to: number, origin = 'synced', partner = 'justice'): Promise<string[]> {
  const { rows } = await portals.fresh.query<{ code: string }>(`
    with inserted as (
      insert into dossiers (code, reference, procedure_code, unit_code, partner_id, applicant_id, applicant_name, applicant_birth_date, status, origin, submitted_at)
      select $3 || '-260410-' || lpad(n::text, 6, '0'), $3 || '.' || n, '9.900001', 'G08', $4, '999' || lpad(n::text, 8, '0') || '1', 'Người Thử', '1990-01-01', 'received', $5, now()
      from generate_series($1::int, $2::int) n on conflict do nothing returning *),
    queued as (insert into outbox (topic, payload) select 'dossier', jsonb_build_object('dossierCode', code) from inserted)
    select code from inserted`, [from, to, `${partner}.${origin}`, partner, origin])
  return rows.map((row) => row.code)
}
const held = async () => (await portals.fresh.query<{ code: string }>('select code from dossiers order by code')).rows.map((row) => row.code)
const says = (codes: string[], sync: string): EvidenceRow[] => codes.map((code) => ({ key: `dossier/${code}`, status: 'received', fields: { sync }, seenAt: 1 }))

describe('sync-lost', () => {
  it('loses about its share of the pushes after they were acknowledged, and the witness finds them in the partner\'s record', async () => {
    const fault = planted('sync-lost:share=0.1')
    await fault.inject()
    const acknowledged = await pushed(1, 1_000)
    expect(acknowledged).toHaveLength(1_000)
    const lost = acknowledged.length - (await held()).length
    expect(lost).toBeGreaterThan(60)
    expect(lost).toBeLessThan(140)
    expect((await portals.fresh.query('select count(*)::int as queued from outbox')).rows[0].queued).toBe(1_000)
    partnerRows = says(acknowledged, 'acknowledged')
    expect(await fault.witness()).toMatchObject({ touched: lost, required: 3 })
    await fault.heal()
  })

  it('is not effective where the partner was never told yes, or nothing was pushed', async () => {
    const fault = planted('sync-lost:share=0.1')
    await fault.inject()
    expect((await fault.witness()).touched).toBe(0)
    partnerRows = says(await pushed(1, 1_000), 'refused')
    expect((await fault.witness()).touched).toBe(0)
    await fault.heal()
  })

  it('leaves other origins and other partners alone, and a repeated push is lost again', async () => {
    const fault = planted('sync-lost:share=1,partners=justice')
    await fault.inject()
    await pushed(1, 20, 'direct')
    await pushed(1, 20, 'migrated')
    await pushed(1, 20, 'synced', 'health')
    expect(await pushed(1, 20)).toHaveLength(20)
    expect(await pushed(1, 20)).toHaveLength(20)
    expect(await held()).toHaveLength(60)
    await fault.heal()
  })

  it('healed, it loses nothing more and leaves nothing behind', async () => {
    const fault = planted('sync-lost:share=1')
    await fault.inject()
    await pushed(1, 5)
    await fault.heal()
    await fault.heal()
    await pushed(1, 5)
    expect(await held()).toHaveLength(5)
    const { rows } = await portals.fresh.query("select (select count(*)::int from pg_namespace where nspname like 'fault%') as schemas, (select count(*)::int from pg_trigger where tgname like 'fault%') as triggers")
    expect(rows[0]).toEqual({ schemas: 0, triggers: 0 })
  })

  it('draws the same dossiers for the same seed', async () => {
    const run = async () => {
      const fault = planted('sync-lost:share=0.05')
      await fault.inject()
      await pushed(1, 200)
      const left = await held()
      await fault.heal()
      await portals.fresh.query('truncate dossiers cascade')
      return left
    }
    expect(await run()).toEqual(await run())
  })
})

describe('legacy-missing', () => {
  const fillOld = (count: number) => portals.old.query(`
    insert into hoso (ma_hoso, ma_tthc, ma_donvi, so_dinhdanh, hoten, ngaysinh, trangthai, phi, ngaynop, capnhat_luc)
    select 'H01.2025.' || lpad(n::text, 6, '0'), '9.900001.000.00.00.H01', 'H01', '999000000011', 'Người Thử', '1990-05-06 00:00 Asia/Ho_Chi_Minh', 4, 8000, '2025-03-01+07', '2025-03-02+07'
    from generate_series(1, $1::int) n`, [count])
  const migration = () => createMigrationPort({ target: stand.target, mappingsDirectory: new URL('../mappings', import.meta.url).pathname })
  const wish = { mapping: 'legacy-to-portal', signal: new AbortController().signal, onProgress: () => {} }

  it('a copy that counts every row leaves some behind, which the witness and the verification both find', async () => {
    await fillOld(1_000)
    await portals.old.query("insert into thanhtoan (ma_giaodich, ma_hoso, nganhang, sotien, trangthai) select 'GD-' || ma_hoso, ma_hoso, 'vcb', 8000, 1 from hoso")
    const fault = planted('legacy-missing:share=0.02')
    await fault.inject()
    const counts = await migration().bulk(wish)
    const missing = 1_000 - counts['copied']!
    expect(counts).toMatchObject({ dossiersRead: 1_000, refused: 0 })
    expect(missing).toBeGreaterThan(5)
    expect(missing).toBeLessThan(50)
    expect(await fault.witness()).toMatchObject({ touched: missing, required: 1 })
    await migration().advanceNumbers(wish)
    const verified = await migration().verify(wish)
    expect(verified.mismatches).toBeGreaterThanOrEqual(missing)
    expect(verified.examples[0]).toMatch(/^H01\.2025\.\d{6} - dossier: present \/ null$/)
    await fault.heal()
  })

  it('without it the witness counts nothing, and the copy is whole', async () => {
    await fillOld(200)
    const fault = planted('legacy-missing:share=0.02')
    expect(await fault.witness()).toMatchObject({ touched: 0, note: expect.stringContaining('nothing was migrated') })
    expect(await migration().bulk(wish)).toMatchObject({ copied: 200, changed: 200 })
    expect(await migration().delta(wish)).toMatchObject({ remaining: 0 })
    expect(await migration().verify(wish)).toEqual({ compared: 200, mismatches: 0, examples: [] })
    expect((await fault.witness()).touched).toBe(0)
    expect(await migration().undo(wish)).toMatchObject({ dossiers: 200 })
    expect(await held()).toEqual([])
  })
})
