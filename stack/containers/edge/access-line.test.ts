import { expect, test } from 'vitest'
import { accessEntryOf } from './access-line.ts'

const LINE = { at: 1775836823.861, s: 0.061, op: 'citizen.1.find.0123456789', status: '200', line: 'GET /api/services?q=khai+sinh HTTP/1.1', remote: '10.160.4.5', place: '/api/services', done: 'OK', length: '100', got: '100' }
const ORIGINS = { '10.160.4.5': { region: 'north', partner: null } }
const entry = (change: Partial<typeof LINE> = {}) => accessEntryOf(JSON.stringify({ ...LINE, ...change }), ORIGINS)

test('a line becomes the entry that the embedded edge keeps', () => {
  expect(entry()).toEqual({ at: 1775836823800, ms: 61, op: 'citizen.1.find.0123456789', status: '200', method: 'GET', path: '/api/services', origin: { region: 'north', partner: null }, remote: '10.160.4.5' })
  expect(entry({ op: '', remote: '10.0.0.9' })).toMatchObject({ op: undefined, origin: { region: 'inside', partner: null } })
})

test.each([
  { what: 'a whole answer', change: {}, status: '200' },
  { what: 'an answer of unknown length', change: { length: '', got: '57' }, status: '200' },
  { what: 'an answer to HEAD', change: { line: 'HEAD / HTTP/1.1', got: '0' }, status: '200' },
  { what: 'not modified', change: { status: '304', got: '0' }, status: '304' },
  { what: 'blocked by the firewall, which answers the front without a body', change: { status: '403', place: '/edge-answer/blocked', length: '0', got: '0' }, status: '403' },
  { what: 'the portal cannot be reached', change: { status: '502', place: '/edge-answer/unavailable', length: '0', got: '0' }, status: '502' },
  { what: 'the client went away before the answer', change: { status: '499', done: '', length: '', got: '' }, status: '499' },
  { what: 'the client went away in the middle of it', change: { done: '', got: '40' }, status: '499' },
  { what: 'the portal broke off before its answer', change: { status: '473', place: '/edge-answer/broken', done: '', length: '0', got: '0' }, status: '000' },
  { what: 'the portal broke off in the middle of it', change: { got: '40' }, status: '000' },
])('$what: $status', ({ change, status }) => {
  expect(entry(change).status).toBe(status)
})

test.each(['', '{"at":1', '{}', JSON.stringify({ ...LINE, at: 'now' })])('a line that is no record throws: %s', (text) => {
  expect(() => accessEntryOf(text, ORIGINS)).toThrow()
})
