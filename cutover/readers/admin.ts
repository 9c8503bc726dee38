/**
 * Reads a system by the product's own administration interface (contracts/api/admin.ts): rows as they come, from one snapshot, ended by a line with their
 * count. Rows are handed on as text: of some hundred thousand none is parsed here.
 */
import { request } from 'undici'
import type { EvidenceMode } from '../../contracts/evidence.ts'
import { AdminError } from '../admin-error.ts'
import { reader, type ReaderContext } from './reader.ts'

export const adminReader = reader<'admin'>({
  by: 'admin',
  rows: ({ system, admin }, _read, mode, signal) => evidenceLines(system.id, admin, mode, signal),
})

async function* evidenceLines(system: string, { base, evidenceAgent, headers }: ReaderContext['admin'], mode: EvidenceMode, signal?: AbortSignal): AsyncGenerator<string[]> {
  let response
  try {
    response = await request(`${base}/evidence?mode=${mode}`, { dispatcher: evidenceAgent, signal, headers })
  } catch (error) {
    throw new AdminError(system, null, `evidence got no answer: ${(error as Error).message}`, { cause: error })
  }
  if (response.statusCode !== 200) {
    throw new AdminError(system, response.statusCode, `evidence answered ${response.statusCode} ${(await response.body.text()).slice(0, 200)}`)
  }
  let rest = ''
  let rows = 0
  let end: number | undefined
  response.body.setEncoding('utf8')
  try {
    for await (const piece of response.body as AsyncIterable<string>) {
      const lines = (rest + piece).split('\n')
      rest = lines.pop()!
      if (end !== undefined && (lines.length > 0 || rest !== '')) throw new AdminError(system, 200, 'evidence goes on after its end line')
      const last = lines.at(-1)
      if (last?.startsWith('{"end":')) {
        end = (JSON.parse(last) as { end: { rows: number } }).end.rows
        lines.pop()
      }
      rows += lines.length
      if (lines.length > 0) yield lines
    }
  } catch (error) {
    if (error instanceof AdminError) throw error
    throw new AdminError(system, 200, `evidence was torn after ${rows} rows: ${(error as Error).message}`, { cause: error })
  }
  if (rest !== '') throw new AdminError(system, 200, `evidence ends in the middle of a line after ${rows} rows`)
  if (end === undefined) throw new AdminError(system, 200, `evidence ended after ${rows} rows without its end line`)
  if (end !== rows) throw new AdminError(system, 200, `evidence says ${end} rows, ${rows} came`)
}
