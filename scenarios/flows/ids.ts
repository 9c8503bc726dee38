/** Ids of the flows, for those who only check names. */
export { FLOW_IDS } from './index.ts'
