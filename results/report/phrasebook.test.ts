import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { judge } from '../judge/index.ts'
import { RunBuilder } from '../judge/run-builder.ts'
import { inVietnamese } from './phrasebook.ts'

const directory = mkdtempSync(join(tmpdir(), 'report-phrases-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test.each([
  ['before the next rehearsal', 'trước lần diễn tập tiếp theo'],
  ['portal acknowledged 1600 of 150000 synced dossiers (1.1 %) from 16 partners and does not hold them; the partners do', 'portal đã xác nhận nhưng không có 1.600 trên 150.000 hồ sơ đồng bộ (1,1 %) của 16 đối tác; phía đối tác thì có'],
  ['edge-new refused 3 of 10 sync operations (30.0 %): rule A (a; b) blocked 2 calls of 1 partners, for instance at "x"; rule B blocked 1 calls of 1 partners, for instance at "y"',
    'edge-new từ chối 3 trên 10 thao tác đồng bộ (30,0 %): luật A (a; b) chặn 2 cuộc gọi của 1 đối tác, ví dụ tại "x"; luật B chặn 1 cuộc gọi của 1 đối tác, ví dụ tại "y"'],
  ['7 of 30 pushes of 3 partners (23.3 %) never got an answer from the portal: CERT_HAS_EXPIRED 7 times; the certificate that edge-new showed them had ended at 2026-04-10T00:00:00+07:00 (wall clock)',
    '7 trên 30 cuộc đẩy của 3 đối tác (23,3 %) không nhận được trả lời của cổng: CERT_HAS_EXPIRED 7 times; chứng thư mà edge-new đưa cho họ đã hết hạn lúc 2026-04-10T00:00:00+07:00 (giờ thật)'],
  ['renew the certificate of edge-new, have its end watched and reported long before; what was not acknowledged is pushed again with the same reference',
    'gia hạn chứng thư của edge-new, cho theo dõi và báo trước ngày hết hạn từ sớm; những gì chưa được xác nhận thì đẩy lại với cùng mã tham chiếu'],
  ['no sign of: The SMS gateway times out', 'không có dấu hiệu: Cổng SMS hết thời gian chờ'],
  ['99 of 1200 payments; every single one was looked at, a fault that touched none of them cannot show', '99 trên 1.200 giao dịch; đã xem từng cái một, lỗi không chạm đến cái nào thì không thể thấy'],
])('%s', (en, vi) => { expect(inVietnamese(en)).toBe(vi) })

test('addresses and codes are no numbers', () => {
  expect(inVietnamese('too few: 127.64.2.2')).toBe('quá ít: 127.64.2.2')
  expect(inVietnamese('1234')).toBe('1.234')
})

test('a form that is not known is not guessed', () => { expect(inVietnamese('the moon was full')).toBeNull() })

test('nor is one about a night in which parts were away', async () => {
  const night = new RunBuilder({ counts: { 'citizens-new': 30, 'sync-w1': 60 } })
  for (let iteration = 0; iteration < 30; iteration += 1) { night.login('citizens-new', iteration); night.submit('citizens-new', iteration) }
  for (let iteration = 0; iteration < 60; iteration += 1) night.sync(iteration)
  const lines = night.history.get('w1')!
  for (const line of lines.filter(({ kind }) => kind === 'sync.dossier').filter((_, index) => index % 5 === 3)) Object.assign(line, { outcome: 'info', error: 'ECONNREFUSED: connect ECONNREFUSED' })
  for (const line of lines.filter(({ kind }) => kind !== 'sync.dossier').slice(-20)) Object.assign(line, { outcome: 'info', error: 'HTTP 502', http: { status: 502, remote: '127.64.3.1' } })
  const { findings } = await judge(night.write(join(directory, 'away')))
  const told = findings.filter(({ id }) => /^(?:unavailable|sync-connection):/u.test(id))
  expect(told.map(({ id }) => id)).toEqual(['sync-connection:edge-new', 'unavailable:portal'])
  for (const finding of told) for (const sentence of [finding.cause, finding.measure, finding.rerunCondition, finding.power]) expect(inVietnamese(sentence), sentence).not.toBeNull()
  expect(inVietnamese(told[0]!.cause)).toContain('12 trên 60 cuộc đẩy của 3 đối tác (20,0 %) không nhận được trả lời của cổng')
})

/** A night with what the judge names most: a lost dossier, a missing old one, a blocked push, an acknowledged one that lies elsewhere. */
test('every sentence that the judge wrote about a troubled night is known', async () => {
  const night = new RunBuilder({ counts: { 'citizens-new': 20, 'citizens-old': 10, 'sync-w1': 60 } })
  for (let iteration = 0; iteration < 10; iteration += 1) { night.login('citizens-old', iteration); night.submit('citizens-old', iteration); night.sms('citizens-old', iteration) }
  for (let iteration = 0; iteration < 20; iteration += 1) { night.login('citizens-new', iteration); night.submit('citizens-new', iteration); night.pay(iteration); night.sms('citizens-new', iteration) }
  for (let iteration = 0; iteration < 60; iteration += 1) {
    const line = night.sync(iteration)
    if (iteration % 20 === 3) night.drop('portal', line.op)
    if (iteration === 7) night.drop('coordination', line.op)
  }
  for (let number = 1; number <= 20; number += 1) night.legacyDossier(number, { migrated: number !== 5 })
  const { verdict, findings } = await judge(night.write(join(directory, 'night')))
  expect(findings.length).toBeGreaterThanOrEqual(3)
  const sentences = [
    ...findings.flatMap((finding) => [finding.cause, finding.measure, finding.deadline, finding.rerunCondition, finding.power]),
    ...verdict.criteria.filter((criterion) => !criterion.id.startsWith('steady.')).map((criterion) => criterion.expected),
  ]
  expect([...new Set(sentences.filter((sentence) => inVietnamese(sentence) === null))]).toEqual([])
})
