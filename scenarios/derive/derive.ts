/**
 * From a profile's volume to scenarios: dossiers a second by the published figures, and from them by the mix what citizens, staff and partners do. Pure.
 * Out: scenarios with count and stages in wall time (those that make dossiers) or with whose dossiers they handle and after whom (follow-ups, placed by
 * the plan, which knows the seed), and every line of the derivation.
 */
import type { PlannedScenario } from '../../contracts/plan.ts'
import type { Profile, ProfileScenario } from '../../contracts/profile.ts'
import { areaOfStages, scaledTo, type Stage } from '../arrival.ts'
import { figureOf, type PublishedFigures } from './figures.ts'
import { FOLLOW_UPS } from './follow-ups.ts'
import { resolveRate, same, texts, type DerivationLine } from './lines.ts'
import type { Mix, Rate } from './mix.ts'
import { pushesByPartner } from './partner-weights.ts'
import { Raising } from './raising.ts'
import { curveStages, DOSSIERS, peakDossiersPerSecond, volumeLines, type Window } from './volume.ts'

export type DerivedScenario = Pick<ProfileScenario, 'name' | 'actor' | 'shares'> & {
  journey: string[]
  /** Wall ms from the run's start. */
  startMs?: number
  stages?: Stage[]
  /** Without it the fate gives the count. */
  count?: number
  partners?: NonNullable<PlannedScenario['partners']>
  dossiersOf?: string
  among?: string
  after?: readonly string[]
  gapMs?: number
}

export type Derivation = { scenarios: DerivedScenario[]; lines: DerivationLine[] }

export type DeriveInput = { profile: Profile; mix: Mix; figures: PublishedFigures; window: Window; timeScale: number }

/** Names that a derived load takes; a profile's own scenarios have others. */
export const DERIVED_NAMES: readonly string[] = [
  'citizens', 'payers', 'applicants', 'visitors', 'feedback', 'statistics', 'sync', 'status', 'status-done', ...FOLLOW_UPS.map(({ name }) => name), 'citizens-look', 'feedback-answers',
]

const TIMES = { vi: 'lượt', en: 'iterations' } as const

export function derive({ profile, mix, figures, window, timeScale }: DeriveInput): Derivation {
  const volume = profile.volume
  if (!volume) throw new Error(`profile "${profile.name}" has no volume to derive a load from`)
  const { startMs, stages } = curveStages(volume.curve, window, timeScale, peakDossiersPerSecond(volume, figures))
  const dossiers = Math.max(1, Math.round(areaOfStages(stages)))
  const lines = volumeLines(volume, figures, dossiers)
  const raising = new Raising(mix)
  const per = (rate: Rate) => resolveRate(rate, figures)

  const counted = (what: DerivationLine['what'], rate: Rate, of: { count: number; name: DerivationLine['what'] }, floor: boolean): number => {
    const { value, how, basis } = per(rate)
    const exact = Math.round(of.count * value)
    const written = (language: 'vi' | 'en') => `${of.name[language]} × ${how[language] === '–' ? texts((n) => n(value))[language] : how[language]}`
    lines.push({ what, value: exact, unit: TIMES, basis, how: { vi: written('vi'), en: written('en') } })
    const count = floor ? raising.count(exact) : exact
    if (count > exact) {
      lines.push({ what: { vi: `${what.vi}, nâng lên`, en: `${what.en}, raised` }, value: count, unit: TIMES, basis: { assumption: mix.atLeast.assumption }, how: texts((n) => `${n(exact)} → ${n(count)}`) })
    }
    return count
  }
  const all = { count: dossiers, name: DOSSIERS }

  const direct = counted({ vi: 'Nộp trực tiếp trên cổng', en: 'Submitted directly on the portal' }, mix.direct, all, true)
  const redirected = counted({ vi: 'Nộp trên dịch vụ riêng của bộ', en: 'Submitted on a ministry\'s own service' }, mix.redirected, all, true)
  const synced = raising.count(dossiers - direct - redirected)
  lines.push({ what: { vi: 'Đồng bộ từ bộ, ngành, tỉnh', en: 'Synced up by ministries and provinces' }, value: synced, unit: TIMES, how: texts((n) => `${n(dossiers)} - ${n(direct)} - ${n(redirected)}`), basis: { computed: true } })
  const reported = Math.min(synced, counted({ vi: 'Hồ sơ đồng bộ có cập nhật trạng thái', en: 'Synced dossiers with status updates' }, mix.statuses, { count: synced, name: { vi: 'đồng bộ', en: 'synced' } }, true))
  const partners = pushesByPartner(synced, volume, mix, figures).filter(({ count }) => count > 0)

  // Payments: fees hang on dossiers of the portal; fines and social insurance are paid by people who came for that alone.
  const payments = counted({ vi: 'Thanh toán', en: 'Payments' }, mix.payments, all, true)
  const kinds = Object.entries(mix.kindsOfPayment).map(([kind, id]) => ({ kind, figure: figureOf(figures, id) }))
  const ofKinds = kinds.reduce((sum, { figure }) => sum + figure.value, 0)
  const shareOf = Object.fromEntries(kinds.map(({ kind, figure }) => [kind, figure.value / ofKinds]))
  for (const { kind, figure } of kinds) {
    lines.push({ what: figure.title, value: shareOf[kind]!, unit: { vi: 'tỷ lệ trong số thanh toán', en: 'share of payments' }, how: texts((n) => `${n(figure.value)} / ${n(ofKinds)}`), basis: { source: figure.source } })
  }
  const payShare = Math.min(1, payments * shareOf['fee']! / direct)
  const payers = raising.count(Math.round(payments * (1 - shareOf['fee']!)))
  const others = shareOf['fine']! + shareOf['social-insurance']!
  lines.push(
    { what: { vi: 'Người nộp trực tiếp có trả phí trực tuyến', en: 'Direct applicants who pay a fee online' }, value: payShare, unit: { vi: 'tỷ lệ', en: 'share' }, how: texts((n) => `${n(payments)} × ${n(shareOf['fee']!)} / ${n(direct)}`), basis: { computed: true } },
    { what: { vi: 'Lượt chỉ nộp phạt, đóng bảo hiểm', en: 'People who come to pay a fine or social insurance' }, value: payers, unit: TIMES, how: texts((n) => `${n(payments)} × ${n(others)}`), basis: { computed: true } },
    ...unsuccessful(figures),
  )

  const visitors = counted({ vi: 'Lượt tìm dịch vụ mà không nộp', en: 'Visits that search and submit nothing' }, mix.visitors, all, true)
  const sms = counted({ vi: 'Tin nhắn SMS', en: 'SMS' }, mix.sms, all, true)
  const planned = counted({ vi: 'Lượt tra cứu sau khi nộp', en: 'Look-ups after submission' }, mix.lookUps, all, true)
  // Whoever submits on the portal gets a message; what is left of the published number belongs to those who look their dossier up.
  const withMessage = Math.min(1, sms / (direct + payers))
  const left = Math.max(0, sms - direct - payers)
  const lookUps = Math.min(direct, Math.max(planned, left))
  const feedback = counted({ vi: 'Phản ánh, kiến nghị', en: 'Feedback and petitions' }, mix.feedback, all, true)
  const reports = counted({ vi: 'Lượt xem báo cáo thống kê', en: 'Looks at the statistics' }, mix.reports, all, true)

  const people = { foreigner: per(mix.foreigners).value, company: per(mix.companies).value }
  const logout = per(mix.logout).value
  for (const [what, rate] of [[{ vi: 'Người nước ngoài', en: 'Foreigners' }, mix.foreigners], [{ vi: 'Doanh nghiệp', en: 'Companies' }, mix.companies], [{ vi: 'Đăng xuất', en: 'Log out' }, mix.logout]] as const) {
    const { value, how, basis } = per(rate)
    lines.push({ what, value, unit: { vi: 'tỷ lệ', en: 'share' }, how, basis })
  }
  const fates = raising.fates(direct, payShare)
  lines.push(...fates.lines)
  const gapMs = mix.gapMs.value
  lines.push({ what: { vi: 'Khoảng cách giữa hai bước của một hồ sơ', en: 'Between two steps of a dossier' }, value: gapMs, unit: same('ms'), how: same('–'), basis: { assumption: mix.gapMs.assumption } })

  const along = (count: number) => ({ startMs, stages: scaledTo(stages, count), count })
  return {
    lines,
    scenarios: [
      { name: 'citizens', actor: 'citizen', journey: ['login', 'find-service', 'submit', 'pay', 'sms', 'logout'], shares: { pay: payShare, sms: withMessage, logout, ...people, ...fates.shares }, ...along(direct) },
      { name: 'payers', actor: 'citizen', journey: ['login', 'find-service', 'submit', 'pay', 'sms', 'logout'], shares: { 'sms': withMessage, logout, ...people, 'fine': shareOf['fine']! / others, 'social-insurance': shareOf['social-insurance']! / others }, ...along(payers) },
      { name: 'applicants', actor: 'citizen', journey: ['login', 'find-service', 'apply', 'logout'], shares: { logout, ...people }, ...along(redirected) },
      { name: 'visitors', actor: 'citizen', journey: ['login', 'find-service', 'logout'], shares: { logout, ...people }, ...along(visitors) },
      { name: 'feedback', actor: 'citizen', journey: ['login', 'feedback'], shares: people, ...along(feedback) },
      { name: 'statistics', actor: 'staff', journey: ['staff-login', 'statistics'], shares: {}, ...along(reports) },
      { name: 'sync', actor: 'partner', journey: ['dossier-sync'], shares: {}, partners, ...along(partners.reduce((sum, { count }) => sum + count, 0)) },
      { name: 'status', actor: 'partner', journey: ['status-sync'], shares: { done: 0 }, dossiersOf: 'sync', after: ['sync'], gapMs, count: reported },
      { name: 'status-done', actor: 'partner', journey: ['status-sync'], shares: { done: 1 }, dossiersOf: 'sync', after: ['status'], gapMs, count: reported },
      ...FOLLOW_UPS.map(({ journey, ...followUp }): DerivedScenario => ({ ...followUp, journey: [...journey], shares: {}, gapMs })),
      { name: 'citizens-look', actor: 'citizen', journey: ['login', 'read-dossier', 'sms'], shares: { sms: Math.min(1, left / lookUps) }, dossiersOf: 'citizens', after: ['officers-return'], gapMs, count: lookUps },
      { name: 'feedback-answers', actor: 'staff', journey: ['staff-login', 'answer-feedback'], shares: {}, dossiersOf: 'feedback', after: ['feedback'], gapMs, count: feedback },
    ],
  }
}

/** What did not succeed then is listed and not played: in a rehearsal every payment that was begun has to go through. */
function unsuccessful(figures: PublishedFigures): DerivationLine[] {
  const [begun, succeeded] = [figureOf(figures, 'payments'), figureOf(figures, 'payments-succeeded')]
  return [{
    what: succeeded.title, value: succeeded.value / begun.value, unit: { vi: 'tỷ lệ, không dùng để giảm tải', en: 'share, not used to lessen the load' },
    how: texts((n) => `${n(succeeded.value)} / ${n(begun.value)}`), basis: { source: succeeded.source },
  }]
}

