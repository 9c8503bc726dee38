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

type Sent = { operation: string; url: string; body: string; subject: string }

/** Notes one attempt of an outgoing call when it has ended; one that no answer came to has no status. */
export function noteOut(journal: Journal, { operation, url, body, subject }: Sent, posted: Promise<{ status: number; text: string }>): void {
  const note = (status: number | null, answerBody: unknown) => journal.note({ direction: 'out', operation, method: 'POST', path: url, query: '', requestBody: body, status, answerBody, subject })
  posted.then(({ status, text }) => note(status, text), (error: unknown) => note(null, String((error as Error)?.message ?? error)))
}
