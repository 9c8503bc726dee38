/** Whether every system can be read: the first rows, through the mapping, with the account. What has no reader is named: nothing can be said of it after a run. */
import type { EvidenceRow } from '../../../contracts/evidence.ts'
import { hasReader, type TargetSystem } from '../../../contracts/target.ts'
import { readProblem } from '../../target/read-problem.ts'
import { isServedHere } from '../../target/open-foreign.ts'
import { both, each, lacks, ok, unknown, type TargetCheck, type TargetContext, type TargetFinding } from './check.ts'

/** Roles whose records a run is judged by. */
const KEEPERS = ['portal', 'legacy', 'coordination', 'payments', 'notifications', 'feedback', 'vneid', 'bank', 'sms', 'partner']

export const readers: TargetCheck = {
  id: 'readers', title: both('Đọc trạng thái cuối', 'Readers'),
  run: (context) => each(context.target.systems.filter(({ mode, role }) => mode !== 'absent' && role !== 'resolver'), (system) => lookAt(context, system)),
}

async function lookAt({ target, client, shown }: TargetContext, system: TargetSystem): Promise<TargetFinding[]> {
  const { id, role } = system
  if (isServedHere(target, system)) return []
  if (!hasReader(system)) return KEEPERS.includes(role) ? [lacks(id, both('không có cách đọc: thao tác ở đây sẽ "unverified", kết luận nhiều nhất là chưa đủ căn cứ', 'has no reader: what it should hold will be unverified, a run at best inconclusive'), both('thêm read: http, sql hoặc files', 'add read: http, sql or files'))] : []
  const types = new Map<string, number>()
  try {
    for await (const lines of client.of(id).evidence('baseline')) {
      for (const line of lines) {
        const type = (JSON.parse(line) as EvidenceRow).key.split('/')[0]!
        types.set(type, (types.get(type) ?? 0) + 1)
      }
      // The first page is enough.
      break
    }
  } catch (error) {
    const { code, what, mend } = readProblem({ system: id, note: (error as Error).message, error }, shown)
    return [lacks(id, both(`${code}: ${what}`, `${code}: ${what}`), both(`sửa: ${mend}`, mend))]
  }
  const told = [...types].map(([type, count]) => `${type} ${count}`).join(', ')
  return [told === '' ? unknown(id, 'đọc được, nhưng chưa có bản ghi nào để thử ánh xạ', 'can be read, but has no record yet on which the mapping could be tried') : ok(id, `trang đầu: ${told}`, `first page: ${told}`)]
}
