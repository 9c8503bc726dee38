/** Notes what an endpoint was asked and what it answered. */
import type { RawRequest, Reply } from '../server/endpoint.ts'
import { RESET } from '../behaviour/misbehave.ts'
import type { Exchange, Journal } from './journal.ts'

export function noteIn(journal: Journal, request: RawRequest, exchange: Pick<Exchange, 'operation' | 'subject' | 'behaviour' | 'problem'> & { reply: Reply }): void {
  const { reply, ...rest } = exchange
  const answered = reply === RESET ? undefined : reply
  journal.note({
    direction: 'in', method: request.method, path: request.path, query: request.query, requestBody: request.body ?? '(not UTF-8)',
    status: answered?.status ?? null, answerBody: answered?.body ?? answered?.headers, ...rest,
  })
}
