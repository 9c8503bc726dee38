/** Evidence read from real administration servers: whole, torn, wrong, silent. */
import { createServer } from 'node:http'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { EvidenceHeader, EvidenceRow } from '../../contracts/evidence.ts'
import type { JournalEvent } from '../../contracts/journal.ts'
import { checkRecordFile } from '../../contracts/record-file.ts'
import { AdminError } from '../admin-client.ts'
import { openAdminStand, type AdminStand } from './admin-stand.ts'
import { collectEvidence } from './collect.ts'

let stand: AdminStand
afterEach(() => stand.close())

const row = (n: number) => ({ key: `dossier/H01-260410-${String(n).padStart(6, '0')}`, op: `op.${n}`, status: 'received', fields: { applicantName: `Người Thử ${n}` }, seenAt: 1 })
function* rows(count: number) { for (let n = 1; n <= count; n += 1) yield row(n) }
function* torn() { yield* rows(2_000); throw new Error('the database went away') }

async function collect(mode: 'baseline' | 'final' = 'final') {
  const journal: JournalEvent[] = []
  const collected = await collectEvidence({
    target: stand.target, admin: stand.client.of, folder: stand.folder, mode, journal: { write: (event) => { journal.push(event); return event as never } },
  })
  return { collected, journal }
}

describe('collectEvidence', () => {
  it('writes header, rows and a trailer that fits, for every system at once', async () => {
    stand = await openAdminStand({ portal: { role: 'portal', handlers: { evidence: () => rows(25_000) } }, legacy: { role: 'legacy', handlers: { evidence: () => rows(1) } }, sms: { role: 'sms' } })
    const { collected, journal } = await collect()
    expect(collected.read.toSorted()).toEqual(['legacy', 'portal', 'sms'])
    expect(await checkRecordFile(stand.folder.evidenceOf('portal'))).toMatchObject({ whole: true, rows: 25_001 })
    const lines = readFileSync(stand.folder.evidenceOf('portal'), 'utf8').split('\n')
    expect(EvidenceHeader.parse(JSON.parse(lines[0]!))).toMatchObject({ system: 'portal', mode: 'final' })
    expect(EvidenceRow.parse(JSON.parse(lines[25_000]!))).toEqual(row(25_000))
    expect(await checkRecordFile(stand.folder.evidenceOf('sms'))).toMatchObject({ whole: true, rows: 1 })
    expect(journal).toContainEqual({ kind: 'read', system: 'portal', event: 'done', mode: 'final', rows: 25_000 })
  })

  it('keeps the baseline apart and asks with its mode', async () => {
    const modes: string[] = []
    stand = await openAdminStand({ portal: { role: 'portal', handlers: { evidence: (mode) => { modes.push(mode); return [] } } } })
    await collect('baseline')
    await collect('final')
    expect(modes).toEqual(['baseline', 'final'])
    expect(readdirSync(stand.folder.evidence).toSorted()).toEqual(['portal.baseline.ndjson', 'portal.ndjson'])
  })

  it('leaves resolvers and absent systems out', async () => {
    stand = await openAdminStand({ 'resolver-north': { role: 'resolver' }, 'partner-evn': { role: 'partner', mode: 'absent' }, portal: { role: 'portal' } })
    expect((await collect()).collected.read).toEqual(['portal'])
  })

  it('a body torn in the middle leaves no file and is journalled; the others are read', async () => {
    stand = await openAdminStand({ portal: { role: 'portal', handlers: { evidence: torn } }, legacy: { role: 'legacy' } })
    const { collected, journal } = await collect()
    expect(collected).toMatchObject({ read: ['legacy'], unreadable: [{ system: 'portal' }] })
    expect(existsSync(stand.folder.evidenceOf('portal'))).toBe(false)
    expect(journal).toContainEqual(expect.objectContaining({ kind: 'read', system: 'portal', event: 'error', note: expect.stringContaining('portal: evidence') }))
  })

  it('a row that is no evidence makes the whole read unreadable', async () => {
    stand = await openAdminStand({ portal: { role: 'portal', handlers: { evidence: () => [{ key: 'dossier/1', fields: null, seenAt: 1 } as never] } } })
    expect((await collect()).collected.unreadable).toMatchObject([{ system: 'portal', note: expect.stringContaining('a row is no evidence') }])
  })
})

describe('the admin client', () => {
  /** A server that answers evidence as it is told, for what the real one never does. */
  async function crooked(body: string): Promise<{ error: unknown; close: () => void }> {
    const server = createServer((_request, response) => { response.end(body) }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    stand = await openAdminStand({ portal: { role: 'portal', admin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } })
    let error: unknown
    try { for await (const lines of stand.client.of('portal').evidence('final')) void lines } catch (caught) { error = caught }
    return { error, close: () => server.close() }
  }
  const line = JSON.stringify(row(1))
  it.each([
    { what: 'an end line that is missing', body: `${line}\n`, says: /without its end line/ },
    { what: 'a count that does not fit', body: `${line}\n{"end":{"rows":2}}\n`, says: /says 2 rows, 1 came/ },
    { what: 'rows after the end line', body: `{"end":{"rows":0}}\n${line}\n`, says: /end line/ },
    { what: 'a half line after the end line', body: `{"end":{"rows":0}}\n${line}`, says: /middle of a line/ },
    { what: 'an end line that is torn', body: `${line}\n{"end":{"ro`, says: /middle of a line/ },
    { what: 'an empty body', body: '', says: /without its end line/ },
  ])('refuses $what', async ({ body, says }) => {
    const { error, close } = await crooked(body)
    close()
    expect(error).toBeInstanceOf(AdminError)
    expect((error as Error).message).toMatch(says)
  })

  it('names the system and its refusal, and one that is not there', async () => {
    stand = await openAdminStand({ portal: { role: 'portal', handlers: { control: () => undefined } }, legacy: { role: 'legacy', admin: 'http://127.0.0.1:1' } })
    await expect(stand.client.of('portal').control({ action: 'publish' })).rejects.toThrow(/portal: control "publish" answered 400 CONTROL_UNKNOWN/)
    await expect(stand.client.of('legacy').pending()).rejects.toThrow(/legacy: GET \/pending got no answer/)
    expect(await stand.client.of('legacy').ready()).toBe(false)
    expect(await stand.client.of('portal').ready()).toBe(true)
  })

  it('speaks to no host that the target does not allow', async () => {
    stand = await openAdminStand({ portal: { role: 'portal', admin: 'http://192.0.2.1:9090' } })
    expect(() => stand.client.of('portal')).toThrow(/TARGET_NOT_ALLOWED/)
  })
})
