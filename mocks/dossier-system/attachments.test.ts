import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { MAX_ATTACHMENT_BYTES, MAX_PIECE_BYTES } from '../../contracts/partner-api/roles/dossier-system/terms.ts'
import { startReceiver, type Receiver, type Treatment } from '../delivery/recording-receiver.ts'
import { serveSimulator, type JsonAnswer, type Served } from '../served-simulator.ts'
import { testWorld } from '../testing/spoken.ts'
import { createMemory } from '../memory.ts'
import { createAttachments } from './attachments.ts'
import { dossierSystemSimulator } from './simulator.ts'

const START = Date.parse('2026-04-10T21:00:00+07:00')
const CODE = 'H01-260410-000001'
const NAME = 'Giấy xác nhận.pdf'

let portal: Receiver
let served: Served
let simulator: ReturnType<typeof dossierSystemSimulator>
afterEach(async () => { await served.close(); await portal.close() })

async function start(treat: (nth: number) => Treatment = () => ({ status: 201 }), pushAttachments = false): Promise<void> {
  portal = await startReceiver(treat)
  const world = testWorld({ seed: 7, scenarioStartMs: START, keys: {} })
  served = await serveSimulator(() => simulator = dossierSystemSimulator('partner-ha-noi', {
    world, unitCode: 'H01', firstRetryMs: 1, pushAttachments, push: { partnerId: 'ha-noi', key: 'k', portalSyncUrl: portal.url },
  }))
  simulator.control!({ action: 'connect', connected: true })
  await served.post('/desk/dossiers', {
    reference: 'op-desk', dossierCode: CODE, procedureCode: '9.900001', applicantId: '999000042171', applicantName: 'Người Thử', applicantBirthDate: '1966-06-01', status: 'received',
  })
}
const bytes = (size: number) => Buffer.alloc(size, Buffer.from('chữ ký và con dấu '.normalize('NFC')))
const upload = (content: Buffer, { from = 0, to = content.length, ...changes }: { from?: number; to?: number; [field: string]: unknown } = {}) => ({
  reference: 'op-file', dossierCode: CODE, fileName: NAME, contentType: 'application/pdf', sizeBytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'), content: content.subarray(from, to).toString('base64'), offset: from, ...changes,
})
const send = (content: Buffer, changes?: Parameters<typeof upload>[1]) => served.post('/v1/attachments', upload(content, changes))
const codeOf = ({ status, body }: JsonAnswer) => body?.error ? `${status} ${body.error.code}` : String(status)
async function drained(): Promise<void> { while (simulator.pending() > 0) await new Promise(setImmediate) }
async function download(attachmentId: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  for (let offset = 0; ;) {
    const { body } = await served.get(`/v1/attachments/content?attachmentId=${attachmentId}&offset=${offset}`)
    pieces.push(Buffer.from(body.content, 'base64'))
    offset += pieces.at(-1)!.length
    if (body.last) return Buffer.concat(pieces)
  }
}

describe('a file of a dossier', () => {
  it.each([['small', 1], ['of one piece', MAX_PIECE_BYTES], ['of several', 2 * MAX_PIECE_BYTES + 7]])('comes back as it went: %s', async (_title, size) => {
    await start()
    const content = bytes(size)
    let answer!: JsonAnswer
    for (let from = 0; from < size; from += MAX_PIECE_BYTES) answer = await send(content, { from, to: Math.min(size, from + MAX_PIECE_BYTES) })
    expect(answer).toMatchObject({ status: 201, body: { attachmentId: 'F0000001', receivedBytes: size, whole: true } })
    expect((await download('F0000001')).equals(content)).toBe(true)
    expect(served.evidence('file')).toMatchObject([{ key: 'file/F0000001', op: 'op-file', status: 'whole', fields: { dossierCode: CODE, fileName: NAME, sizeBytes: size } }])
  })

  it('is one file, whether its name comes composed or decomposed; its name stays as it came', async () => {
    await start()
    const content = bytes(9)
    expect(codeOf(await send(content, { fileName: NAME.normalize('NFD') }))).toBe('201')
    expect(codeOf(await send(content, { fileName: NAME.normalize('NFC') }))).toBe('200')
    const { body } = await served.get(`/v1/attachments?dossierCode=${CODE}`)
    expect(body.attachments.map(({ fileName }: { fileName: string }) => fileName)).toEqual([NAME.normalize('NFD')])
  })

  it('goes on from the piece that came last; a piece that comes again changes nothing', async () => {
    await start()
    const content = bytes(30)
    await send(content, { to: 10 })
    expect(await send(content, { to: 10 })).toMatchObject({ status: 200, body: { receivedBytes: 10, whole: false } })
    expect(codeOf(await served.get('/v1/attachments/content?attachmentId=F0000001'))).toBe('409 ATTACHMENT_INCOMPLETE')
    expect(codeOf(await send(content, { from: 20, to: 30 }))).toBe('409 OFFSET_WRONG')
    expect(codeOf(await send(content, { from: 5, to: 10 }))).toBe('409 OFFSET_WRONG')
    expect(await send(content, { from: 10 })).toMatchObject({ status: 201, body: { whole: true } })
    expect((await download('F0000001')).equals(content)).toBe(true)
  })

  it.each<[string, Parameters<typeof upload>[1], string]>([
    ['of an unknown dossier', { dossierCode: 'H01-260410-9' }, '404 DOSSIER_UNKNOWN'],
    ['that is too large', { sizeBytes: MAX_ATTACHMENT_BYTES + 1 }, '413 ATTACHMENT_TOO_LARGE'],
    ['of a type that is not taken', { contentType: 'application/x-msdownload' }, '415 CONTENT_TYPE_REFUSED'],
    ['that does not begin at its beginning', { offset: 3 }, '409 OFFSET_WRONG'],
    ['that is larger than it says', { sizeBytes: 5 }, '422 CONTENT_MISMATCH'],
    ['with another checksum', { sha256: '0'.repeat(64) }, '422 CONTENT_MISMATCH'],
    ['with a path for a name', { fileName: '../etc/passwd' }, '400 REQUEST_INVALID'],
    ['that is not base64', { content: 'ừ' }, '400 REQUEST_INVALID'],
  ])('%s is refused, and nothing of it stays', async (_title, changes, expected) => {
    await start()
    expect(codeOf(await send(bytes(9), changes))).toBe(expected)
    expect(served.evidence('file')).toEqual([])
    expect(codeOf(await send(bytes(9)))).toBe('201')
  })

  it('keeps its reference to itself', async () => {
    await start()
    await send(bytes(9))
    expect(codeOf(await send(bytes(10)))).toBe('409 REFERENCE_TAKEN')
    expect(codeOf(await served.get('/v1/attachments/content?attachmentId=F0000002'))).toBe('404 ATTACHMENT_UNKNOWN')
    expect(codeOf(await served.get('/v1/attachments?dossierCode=x'))).toBe('404 DOSSIER_UNKNOWN')
  })

  it('is returned with the result', async () => {
    await start()
    await send(bytes(9))
    expect((await served.post('/desk/results', { reference: 'op-result', dossierCode: CODE, outcome: 'granted', attachmentId: 'F0000001' })).status).toBe(201)
    expect((await served.get(`/v1/results?dossierCode=${CODE}`)).body).toMatchObject({ attachment: { attachmentId: 'F0000001', fileName: NAME, whole: true } })
  })

  it('finds the store full rather than filling the memory', () => {
    const attachments = createAttachments({ wallNow: () => 0, memory: createMemory('partner-justice'), maxTotalBytes: 10 })
    const first = upload(bytes(8))
    expect(attachments.receive(first)).toMatchObject({ created: true })
    expect(attachments.receive({ ...upload(bytes(3)), reference: 'op-2' })).toMatchObject({ refused: 'store-full' })
  })
})

describe('a file on its way to the portal', () => {
  const filePushes = () => portal.received.filter(({ path }) => path === '/sync/v1/attachments').map(({ body }) => JSON.parse(body) as { offset: number; content: string; fileName: string })

  it('goes piece by piece, again from where an answer stayed out, once, and only where configured', async () => {
    let broken = false
    await start((nth) => nth === 3 && !broken ? (broken = true, 'reset') : { status: 201 }, true)
    const content = bytes(MAX_PIECE_BYTES + 5)
    await send(content, { to: MAX_PIECE_BYTES })
    await send(content, { from: MAX_PIECE_BYTES })
    await drained()
    expect(filePushes().map(({ offset }) => offset)).toEqual([0, MAX_PIECE_BYTES, MAX_PIECE_BYTES])
    await served.post('/desk/results', { reference: 'op-result', dossierCode: CODE, outcome: 'granted', attachmentId: 'F0000001' })
    await drained()
    expect(filePushes()).toHaveLength(3)
  })

  it('stays here where it is not configured', async () => {
    await start()
    await send(bytes(9))
    expect([simulator.pending(), filePushes()]).toEqual([0, []])
  })

  it('is not sent again after a refusal', async () => {
    await start((nth) => nth === 1 ? { status: 201 } : { status: 413, body: { error: { code: 'ATTACHMENT_TOO_LARGE', message: 'm' } } }, true)
    await send(bytes(9))
    await drained()
    expect(filePushes()).toHaveLength(1)
  })
})
