/** What the old portal holds, as evidence rows: names raw, statuses as the numbers they are, birth dates as local days. */
import { orAbsent, type SnapshotPart } from '../snapshot-rows.ts'

export const LEGACY_EVIDENCE: readonly SnapshotPart[] = [
  {
    sql: `select ma_hoso, ma_thamchieu, ma_tthc, ma_donvi, hoten, (ngaysinh at time zone 'Asia/Ho_Chi_Minh')::date as ngaysinh, trangthai, phi, capnhat_luc from hoso order by ma_hoso`,
    row: (row, seenAt) => ({
      key: `dossier/${row.ma_hoso}`, op: orAbsent(row.ma_thamchieu), status: String(row.trangthai),
      fields: { applicantName: row.hoten, applicantBirthDate: row.ngaysinh, procedureCode: row.ma_tthc, unitCode: row.ma_donvi, feeVnd: row.phi }, seenAt, sourceAt: row.capnhat_luc,
    }),
  },
  {
    sql: 'select ma_giaodich, ma_hoso, sotien, trangthai, capnhat_luc from thanhtoan order by ma_giaodich',
    row: (row, seenAt) => ({
      key: `payment/${row.ma_giaodich}`, status: String(row.trangthai), fields: { dossierCode: row.ma_hoso, amountVnd: row.sotien }, seenAt, sourceAt: row.capnhat_luc,
    }),
  },
  {
    sql: 'select id, ma_thamchieu, so_dinhdanh, mucdo, batdau, ketthuc from phien order by id',
    row: (row, seenAt) => ({
      key: `session/${row.id}`, op: row.ma_thamchieu, status: row.ketthuc === null ? 'open' : 'ended', fields: { personId: row.so_dinhdanh, level: row.mucdo }, seenAt, sourceAt: row.ketthuc ?? row.batdau,
    }),
  },
]
