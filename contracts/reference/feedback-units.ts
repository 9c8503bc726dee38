/**
 * The tree of units that feedback and petitions (PAKN) are routed by: topic and province decide who answers. The tree is assumed (the official one
 * replaces it): what concerns the portal goes to its operator, what a ministry's own service did goes to the ministry, the rest to the province's
 * own unit, down to its office for the topic.
 */
import { PARTNERS } from './partners.ts'

export const FEEDBACK_TOPICS = ['portal', 'payment', 'civil-status', 'land', 'business', 'staff-conduct', 'late-dossier', 'residence'] as const
export type FeedbackTopic = (typeof FEEDBACK_TOPICS)[number]

/** Unit of the portal's operator. */
export const PORTAL_UNIT = 'G00'
const MINISTRY_OF: Partial<Record<FeedbackTopic, string>> = { payment: 'finance', residence: 'public-security' }
/** Offices below a province's unit. */
const OFFICE_OF: Partial<Record<FeedbackTopic, string>> = { 'civil-status': '01', 'land': '02', 'business': '03', 'staff-conduct': '04', 'late-dossier': '05' }

/** The unit that answers; RangeError where topic or province is unknown. */
export function feedbackUnit(topic: string, provinceId: string): string {
  if (!(FEEDBACK_TOPICS as readonly string[]).includes(topic)) throw new RangeError(`no feedback topic "${topic}"`)
  if (topic === 'portal') return PORTAL_UNIT
  const unitOf = (id: string) => {
    const partner = PARTNERS.find((candidate) => candidate.id === id)
    if (!partner) throw new RangeError(`no unit "${id}"`)
    return partner.unitCode
  }
  const ministry = MINISTRY_OF[topic as FeedbackTopic]
  return ministry !== undefined ? unitOf(ministry) : `${unitOf(provinceId)}.${OFFICE_OF[topic as FeedbackTopic]}`
}
