/**
 * What staff do with a dossier on the coordination system, and the status that each action gives it. Apart from the schemas of `api/staff.ts`, so
 * that the load generator's bundle carries no zod (every virtual user of k6 would evaluate it).
 */
export const STAFF_ACTIONS = ['receive', 'refuse', 'ask-supplement', 'process', 'finish', 'stop', 'return-result'] as const
export type StaffAction = (typeof STAFF_ACTIONS)[number]

export const STATUS_OF_ACTION = {
  'receive': 'received', 'refuse': 'not-received', 'ask-supplement': 'supplement-asked', 'process': 'in-process', 'finish': 'done', 'stop': 'stopped', 'return-result': 'result-returned',
} as const satisfies Record<StaffAction, string>
