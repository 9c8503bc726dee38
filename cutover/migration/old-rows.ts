/**
 * What is read from the old portal (`stack/services/legacy/schema.sql`), from one snapshot, in the order of the primary keys.
 * `since`: only rows changed at or after that instant. Days are taken in the mapping's zone by PostgreSQL, which knows that
 * local midnight was UTC+8 before 1975-06-13.
 */
import type pg from 'pg'
import { batchesOf } from './connection.ts'
import type { Mapping } from './mapping.ts'
import type { OldDossier, OldPayment } from './translate.ts'

/** Names of zones hold nothing that needs quoting; loadMapping has checked that the zone exists. */
function zone(mapping: Mapping): string { return `'${mapping.timeZone.replaceAll("'", "''")}'` }

export function oldDossiers(client: pg.Client, mapping: Mapping, since?: string): AsyncGenerator<OldDossier[]> {
  return batchesOf<OldDossier>(client, 'old_dossiers', `
    select ma_hoso, ma_thamchieu, ma_tthc, ma_donvi, so_dinhdanh, hoten, (ngaysinh at time zone ${zone(mapping)})::date as ngaysinh, sodienthoai, ghichu,
      trangthai, phi, ngaynop, to_char(ngaynop at time zone ${zone(mapping)}, 'YYMMDD') as ngay, hanxuly, capnhat_luc
    from hoso ${since ? `where capnhat_luc >= '${since}'` : ''} order by ma_hoso collate "C"`)
}

export function oldPayments(client: pg.Client, mapping: Mapping, since?: string): AsyncGenerator<OldPayment[]> {
  return batchesOf<OldPayment>(client, 'old_payments', `
    select t.ma_giaodich, t.ma_hoso, h.ngaynop, to_char(h.ngaynop at time zone ${zone(mapping)}, 'YYMMDD') as ngay, t.nganhang, t.sotien, t.trangthai, t.ngaytra, t.capnhat_luc
    from thanhtoan t join hoso h using (ma_hoso) ${since ? `where t.capnhat_luc >= '${since}'` : ''} order by t.ma_giaodich collate "C"`)
}
