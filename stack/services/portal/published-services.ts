/**
 * The procedures that the catalogue has published to the portal: search, one by code and province, replacing them all.
 * Search folds case and Vietnamese marks, since people type without them.
 */
import type pg from 'pg'
import type { z } from 'zod'
import type { CatalogueEntry, ServiceHit } from '../../../contracts/api/front.ts'
import { PARTNERS, partnerOf } from '../../../contracts/reference/partners.ts'
import { handlingPartner, type Procedure } from '../../../contracts/reference/procedures.ts'
import { ServiceError } from '../service-error.ts'

type Hit = z.infer<typeof ServiceHit>
/** A published procedure as a province offers it. */
export type Offer = {
  procedureCode: string; partnerId: string; unitCode: string; feeVnd: number; level: string; redirected: boolean
  /** Unit code of the province whose officers handle it; null at ministries. */
  territory: string | null
}

const PROVINCES = new Set(PARTNERS.filter((partner) => partner.kind === 'province').map((partner) => partner.id))

export type PublishedServices = ReturnType<typeof createPublishedServices>

/** `ownServiceUrl`: where a partner takes dossiers itself. */
export function createPublishedServices(pool: pg.Pool, ownServiceUrl: (partnerId: string) => string) {
  // The portal alone writes the table: it is read once after each publication.
  let published: Promise<Service[]> | undefined
  const services = () => published ??= read().catch((error: unknown) => { published = undefined; throw error })

  async function read(): Promise<Service[]> {
    const { rows } = await pool.query<ServiceRow>('select * from services order by procedure_code')
    return rows.map((row) => ({ ...row, folded: folded(row.title), in: new Set(row.provinces) }))
  }

  return {
    async search(text: string, provinceId: string): Promise<Hit[]> {
      requireProvince(provinceId)
      const wanted = folded(text)
      return (await services()).filter((service) => service.in.has(provinceId) && (service.folded.includes(wanted) || service.procedure_code.includes(wanted))).map((service) => {
        const { procedureCode, unitCode, feeVnd, partnerId, redirected } = offerOf(service, provinceId)
        return { procedureCode, title: service.title, unitCode, feeVnd, redirectUrl: redirected ? ownServiceUrl(partnerId) : null }
      })
    },

    async offer(procedureCode: string, provinceId: string): Promise<Offer> {
      requireProvince(provinceId)
      const service = (await services()).find((candidate) => candidate.procedure_code === procedureCode && candidate.in.has(provinceId))
      if (!service) throw new ServiceError(404, 'PROCEDURE_UNKNOWN', `procedure "${procedureCode}" is not published for ${provinceId}`)
      return offerOf(service, provinceId)
    },

    /** All of them at once; an empty list takes every procedure back. */
    async publish(entries: readonly CatalogueEntry[]): Promise<number> {
      const client = await pool.connect()
      let open = true
      try {
        await client.query('begin')
        await client.query('delete from services')
        await client.query(`insert into services (procedure_code, title, level, handled_by, ministry, fee_vnd, provinces, redirected)
          select "procedureCode", title, level, "handledBy", ministry, "feeVnd", provinces, redirected
          from jsonb_to_recordset($1::jsonb) as entry("procedureCode" text, title text, level text, "handledBy" text, ministry text, "feeVnd" bigint, provinces text[], redirected boolean)`,
        [JSON.stringify(entries)])
        await client.query('commit')
        open = false
      } finally {
        published = undefined
        client.release(open)
      }
      return entries.length
    },
  }
}

function requireProvince(provinceId: string): void {
  if (!PROVINCES.has(provinceId)) throw new ServiceError(400, 'PROVINCE_UNKNOWN', `"${provinceId}" is none of the 34 provinces`)
}

type ServiceRow = { procedure_code: string; title: string; level: string; handled_by: string; ministry: string; fee_vnd: number; provinces: string[]; redirected: boolean }
type Service = ServiceRow & { folded: string; in: Set<string> }

function offerOf(row: ServiceRow, provinceId: string): Offer {
  const partnerId = handlingPartner({ handledBy: row.handled_by, ministry: row.ministry } as Procedure, provinceId)
  return {
    procedureCode: row.procedure_code, partnerId, unitCode: partnerOf(partnerId).unitCode, feeVnd: row.fee_vnd, level: row.level, redirected: row.redirected,
    territory: row.level === 'ministry' ? null : partnerOf(provinceId).unitCode,
  }
}

/** Lower case without marks; `đ` has no decomposition and is folded by hand. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/đ/g, 'd').trim()
}
