import { describe, expect, it } from 'vitest'
import { checkTargetAllowed, isAllowed } from './allow-list.ts'
import { TARGET } from './engine/stage.ts'

const LOOPBACK = ['127.0.0.0/8', '::1/128']

describe('isAllowed', () => {
  it.each(['127.0.0.1', '127.64.7.50', '::1'])('loopback allows %s', (host) => expect(isAllowed(host, LOOPBACK)).toBe(true))
  it.each(['128.0.0.1', '10.0.0.1', '::2', 'localhost', 'portal.example', ''])('loopback does not allow %s', (host) => expect(isAllowed(host, LOOPBACK)).toBe(false))
  it('allows a name and a single address that stand there literally', () => {
    expect(isAllowed('staging.example', ['staging.example'])).toBe(true)
    expect(isAllowed('192.0.2.7', ['192.0.2.7'])).toBe(true)
    expect(isAllowed('192.0.2.8', ['192.0.2.7'])).toBe(false)
  })
})

describe('checkTargetAllowed', () => {
  it('has nothing to say of a target on loopback', () => expect(checkTargetAllowed(TARGET)).toEqual([]))
  it('names every address outside, of whatever kind, and not those of absent systems', () => {
    const problems = checkTargetAllowed({
      ...TARGET, addresses: { old: '127.0.0.2', new: '192.0.2.3' },
      regions: [{ id: 'north', gateway: 'http://192.0.2.4:8080', resolver: { host: '192.0.2.5', port: 53, profile: 'honest' } }],
      systems: [
        { id: 'portal', role: 'portal', mode: 'real', unit: 'u', url: 'https://portal.example', admin: 'http://[2001:db8::1]:9090', database: 'postgres://u:secret@192.0.2.6:5432/portal' },
        { id: 'partner-evn', role: 'partner', mode: 'absent', unit: 'u', url: 'http://192.0.2.9' },
      ],
    })
    expect(problems.map(({ what }) => what.replace(/, which.*/, ''))).toEqual([
      'the portal\'s new address is at 192.0.2.3', 'the gateway of region "north" is at 192.0.2.4', 'the resolver of region "north" is at 192.0.2.5',
      'url of system "portal" is at portal.example', 'admin of system "portal" is at 2001:db8::1', 'database of system "portal" is at 192.0.2.6',
    ])
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['TARGET_NOT_ALLOWED']))
    expect(JSON.stringify(problems)).not.toContain('secret')
  })
})
