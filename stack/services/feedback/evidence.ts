/** What the feedback system holds, as evidence rows. */
import type { SnapshotPart } from '../snapshot-rows.ts'

export const FEEDBACK_EVIDENCE: readonly SnapshotPart[] = [
  {
    sql: `select code, feedback.reference, topic, province_id, feedback.unit_code, answers.reference is not null as answered, feedback.recorded_at
      from feedback left join answers on feedback_code = code order by code`,
    row: (row, seenAt) => ({
      key: `feedback/${row.code}`, op: row.reference, status: row.answered ? 'answered' : 'sent',
      fields: { topic: row.topic, provinceId: row.province_id, unitCode: row.unit_code }, seenAt, sourceAt: row.recorded_at,
    }),
  },
  {
    sql: 'select reference, feedback_code, unit_code, account, recorded_at from answers order by feedback_code',
    row: (row, seenAt) => ({
      key: `feedback-answer/${row.feedback_code}`, op: row.reference, status: 'answered', fields: { feedbackCode: row.feedback_code, unitCode: row.unit_code, account: row.account },
      seenAt, sourceAt: row.recorded_at,
    }),
  },
]
