/** Every answer that an endpoint of this process gives, for whoever subscribes; tests hold them against the contract. Costs a look while nobody does. */
import { channel } from 'node:diagnostics_channel'
import type { Endpoint, RawRequest } from './endpoint.ts'
import type { Answer } from './route.ts'

export type Answered = { endpoint: Endpoint; request: RawRequest; reply: Answer }

export const ANSWERS = channel('tongduyet:mocks:answers')
