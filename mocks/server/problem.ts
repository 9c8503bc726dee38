/** The form of every refusal except OAuth's. */
export { RefusalBody } from '../../contracts/partner-api/operation.ts'
