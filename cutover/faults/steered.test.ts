/** The faults that steer systems, on real administration servers: what they send, what they keep, what the witness counts and what not. */
import { afterEach, describe, expect, it } from 'vitest'
import type { SyncDossier } from '../../contracts/api/front.ts'
import type { Control, WafExclusion, WafRule, WafTuning } from '../../contracts/api/admin.ts'
import type { EvidenceRow } from '../../contracts/evidence.ts'
import { PARTNERS, partnerOf } from '../../contracts/reference/partners.ts'
import { personOf } from '../../contracts/reference/people.ts'
import { systemClock } from '../clock.ts'
import { TARGET } from '../engine/stage.ts'
import { openAdminStand, type AdminStand, type StandSystem } from '../evidence/admin-stand.ts'
import type { DnsPort } from '../ports.ts'
import type { FaultContext } from './fault.ts'
import { FAULTS, parseFault } from './index.ts'
import { RULE_ID, ruleFor } from './waf-blocks-sync.ts'

let stand: AdminStand
afterEach(() => stand?.close())

function planted(wish: string, dns: DnsPort = { ask: async () => null }) {
  const { id, params } = parseFault(wish)
  const fault = FAULTS.find((candidate) => candidate.id === id)!
  const context: FaultContext = { target: stand.target, admin: stand.client.of, dns, seed: 7, memory: {}, clock: systemClock({ startedAtMs: 0, timeScale: 140, scenarioStartMs: 0 }) }
  return { inject: () => fault.inject(context, params), heal: () => fault.heal(context, params), witness: () => fault.witness(context, params) }
}
const row = (key: string, more: Partial<EvidenceRow>): EvidenceRow => ({ key, fields: {}, seenAt: Date.now(), ...more })
const sent = (system: string): Control[] => stand.controls.filter((control) => control.system === system).map(({ control }) => control)

describe('bank-timeout and sms-timeout', () => {
  const openWith = (rows: EvidenceRow[]) => openAdminStand({
    'bank-vcb': { role: 'bank' }, 'bank-bidv': { role: 'bank' }, sms: { role: 'sms' },
    payments: { role: 'payments', handlers: { evidence: () => rows } }, notifications: { role: 'notifications', handlers: { evidence: () => rows } },
  })
  const failed = (code: string, bank: string, reason: string | null) => row(`payment/${code}`, { status: 'failed', fields: { bank, reason } })

  it('the bank answers its share late from now on; only its own time-outs since then are counted', async () => {
    const rows = [failed('before', 'vcb', 'bank-timeout')]
    stand = await openWith(rows)
    const fault = planted('bank-timeout:share=0.4')
    await fault.inject()
    expect(sent('bank-vcb')).toEqual([{ action: 'behave', behaviours: [{ route: 'qr', share: 0.4, delayMs: 6_000, seed: 7 }] }])
    expect((await fault.witness()).touched).toBe(0)
    rows.push(failed('1', 'vcb', 'bank-timeout'), failed('2', 'bank-vcb', 'bank-timeout'), failed('3', 'bidv', 'bank-timeout'), failed('4', 'vcb', null), row('paid/1', {}))
    expect(await fault.witness()).toMatchObject({ touched: 2, required: 3 })
    await fault.heal()
    expect(sent('bank-vcb').at(-1)).toEqual({ action: 'behave', behaviours: [] })
    expect(sent('bank-bidv')).toEqual([])
  })

  it('the gateway answers late; messages that timed out since then are counted', async () => {
    const rows = [row('sms/0', { status: 'timeout' })]
    stand = await openWith(rows)
    const fault = planted('sms-timeout')
    await fault.inject()
    expect(sent('sms')).toEqual([{ action: 'behave', behaviours: [{ route: 'send', share: 0.5, delayMs: 6_000, seed: 7 }] }])
    rows.push(row('sms/1', { status: 'timeout' }), row('sms/2', { status: 'delivered' }), row('sms/3', { status: 'timeout' }))
    expect((await fault.witness()).touched).toBe(2)
    await fault.heal()
    expect(sent('sms').at(-1)).toEqual({ action: 'behave', behaviours: [] })
  })
})

describe('overload', () => {
  it('makes the system work off few requests, counts only what waited or was refused since, and takes the limit away', async () => {
    let limited = 7
    stand = await openAdminStand({ portal: { role: 'portal', handlers: { limited: () => limited } }, payments: { role: 'payments' } })
    const fault = planted('overload:requestsPerSecond=40')
    await fault.inject()
    expect(sent('portal')).toEqual([{ action: 'limit', requestsPerSecond: 40, queueMs: 50 }])
    expect(await fault.witness()).toMatchObject({ touched: 0, required: 50 })
    limited += 60
    expect((await fault.witness()).touched).toBe(60)
    await fault.heal()
    expect(sent('portal').at(-1)).toEqual({ action: 'limit', queueMs: 0 })
    expect(sent('payments')).toEqual([])
  })
})

describe('dns-uneven', () => {
  const ago = (ms: number) => ({ sourceAt: Date.now() + 60_000 - ms })
  const systems = (rows: EvidenceRow[]): Record<string, StandSystem> => ({
    legacy: { role: 'legacy' }, 'resolver-north': { role: 'resolver' }, 'resolver-south': { role: 'resolver' }, 'edge-old': { role: 'edge', url: `http://${TARGET.addresses.old}:8080`, handlers: { evidence: () => rows } },
  })
  const from = (region: string, at: { sourceAt: number }) => row('request/1', { status: '200', fields: { region }, ...at })

  it('pins the region\'s resolver, opens the old portal, and takes both back', async () => {
    stand = await openAdminStand(systems([]))
    const fault = planted('dns-uneven')
    await fault.inject()
    expect(sent('resolver-south')).toEqual([{ action: 'resolver.pin', name: 'portal.dvcqg.test', address: '127.0.0.2' }])
    expect(sent('resolver-north')).toEqual([])
    expect(sent('legacy')).toEqual([{ action: 'mode', mode: 'open' }])
    await fault.heal()
    expect(sent('resolver-south').at(-1)).toEqual({ action: 'resolver.pin', name: 'portal.dvcqg.test' })
    expect(sent('legacy').at(-1)).toEqual({ action: 'mode', mode: 'frozen' })
  })

  it('counts the region\'s requests at the old edge, only after honest caches are empty and only while the resolver is wrong', async () => {
    const late = ago(0)
    const rows = [from('south', late), from('south', late), from('north', late), from('south', { sourceAt: Date.now() - 60_000 }), row('block/1', { fields: { region: 'south' }, ...late })]
    stand = await openAdminStand(systems(rows))
    const wrong = planted('dns-uneven', { ask: async () => ({ rcode: 'NOERROR', address: '127.0.0.2', ttlS: 60 }) })
    await wrong.inject()
    expect(await wrong.witness()).toMatchObject({ touched: 2, required: 5 })
    // All regions' load comes from one machine: the edge tells no region, the resolvers do.
    stand.target.regions = stand.target.regions.map((region) => ({ ...region, entry: { host: '127.0.0.1', port: 1 } }))
    rows.push(...Array.from({ length: 6 }, () => row('request/2', { status: '200', fields: { region: 'inside' }, ...late })))
    const one = planted('dns-uneven', { ask: async (region) => ({ rcode: 'NOERROR', address: region === 'south' ? '127.0.0.2' : '127.0.0.3', ttlS: 60 }) })
    await one.inject()
    expect((await one.witness()).touched).toBe(8)
    // Somebody else's resolver leads there too: whose they are nobody knows.
    const both = planted('dns-uneven', { ask: async () => ({ rcode: 'NOERROR', address: '127.0.0.2', ttlS: 60 }) })
    await both.inject()
    expect((await both.witness()).touched).toBe(2)
    const right = planted('dns-uneven', { ask: async () => ({ rcode: 'NOERROR', address: '127.0.0.3', ttlS: 60 }) })
    await right.inject()
    expect((await right.witness()).touched).toBe(0)
  })
})

describe('waf-blocks-sync', () => {
  const SANE: WafRule = { id: 'xss', title: 'script tag', target: 'body', pattern: '<script', action: 'block' }
  const bodyOf = (index: number, partner: string): string => {
    const person = personOf(index)
    return JSON.stringify({
      reference: `op.${index}`, dossierCode: `${partnerOf(partner).unitCode}-260410-000001`, procedureCode: '9.900001', unitCode: partnerOf(partner).unitCode,
      applicantId: person.personId, applicantName: person.name, applicantBirthDate: person.birthDate, status: 'received', submittedAt: 1, note: 'Minh họa, Đức, Thị',
    } satisfies SyncDossier)
  }
  const blocks = (rule: WafRule, body: string) => new RegExp(rule.pattern, 'iu').test(body)

  it('adds its rule to those that are there, and puts them back', async () => {
    let rules: WafRule[] = [SANE]
    stand = await openAdminStand({
      'edge-new': { role: 'edge', url: `http://${TARGET.addresses.new}:8080`, handlers: {
        evidence: () => [row('block/1', { fields: { ruleId: RULE_ID } }), row('block/2', { fields: { ruleId: 'xss' } }), row('request/1', {}), row('block/3', { fields: { ruleId: RULE_ID } })],
        control: (control) => { if (control.action === 'waf.set') rules = control.rules; return { rules } },
      } },
    })
    const fault = planted('waf-blocks-sync')
    await fault.inject()
    expect(rules.map((rule) => rule.id)).toEqual(['xss', RULE_ID])
    expect(await fault.witness()).toMatchObject({ touched: 2, required: 3 })
    await fault.heal()
    expect(rules).toEqual([SANE])
  })

  describe('on an edge with ModSecurity', () => {
    const SYNC: WafExclusion = { ruleId: '920272', pathPrefix: '/sync' }
    const OTHER: WafExclusion = { ruleId: '931100', pathPrefix: '/auth/callback', target: 'ARGS:iss' }
    async function openEdge(rows: EvidenceRow[]) {
      const tuning: WafTuning = { paranoia: 1, exclusions: [OTHER, SYNC], strict: null }
      stand = await openAdminStand({ 'edge-new': { role: 'edge', url: `http://${TARGET.addresses.new}:8080`, handlers: {
        evidence: () => rows,
        control: (control) => {
          if (control.action === 'waf.tune') Object.assign(tuning, { ...(control.exclusions && { exclusions: control.exclusions }), ...(control.strict !== undefined && { strict: control.strict }) })
          return { engine: 'modsecurity', ...tuning }
        },
      } } })
      return tuning
    }

    it('raises the level for these partners\' sync calls, takes the exclusions for sync away, and puts both back', async () => {
      const tuning = await openEdge([])
      const fault = planted('waf-blocks-sync:partners=justice+ha-noi')
      await fault.inject()
      expect(tuning).toEqual({ paranoia: 1, exclusions: [OTHER], strict: { paranoia: 3, pathPrefix: '/sync', partners: ['justice', 'ha-noi'] } })
      const tuned: WafExclusion = { ruleId: '942130', pathPrefix: '/sync' }
      tuning.exclusions = [OTHER, tuned]
      await fault.heal()
      expect(tuning).toEqual({ paranoia: 1, exclusions: [OTHER, tuned, SYNC], strict: null })
      expect(sent('edge-new').some(({ action }) => action === 'waf.set')).toBe(false)
    })

    it('counts what was blocked of these partners\' sync calls since then, by whatever rule', async () => {
      const block = (key: string, path: string, partner: string | null, sourceAt: number) => row(key, { fields: { ruleId: '920272', path, partner }, sourceAt })
      const later = Date.now() + 60_000
      await openEdge([
        block('block/1', '/sync/v1/dossiers', 'justice', later), block('block/2', '/sync/v1/statuses', 'justice', later), block('block/3', '/sync/v1/dossiers', 'health', later),
        block('block/4', '/api/dossiers', 'justice', later), block('block/5', '/sync/v1/dossiers', 'justice', Date.now() - 60_000), block('alert/6', '/sync/v1/dossiers', 'justice', later),
      ])
      const fault = planted('waf-blocks-sync:partners=justice,paranoia=2')
      await fault.inject()
      expect(await fault.witness()).toMatchObject({ touched: 2, required: 3, note: expect.stringContaining('level 2') })
    })
  })

  it('matches about half of these partners\' ordinary dossiers and none of the others\', whatever the order of the members', () => {
    const rule = ruleFor(['justice', 'ha-noi'], ['Thị', 'Đức', 'Minh', 'Thanh'])
    const share = (partner: string) => Array.from({ length: 400 }, (_, index) => blocks(rule, bodyOf(index, partner))).filter(Boolean).length / 400
    expect(share('justice')).toBeGreaterThan(0.4)
    expect(share('justice')).toBeLessThan(0.6)
    for (const { id } of PARTNERS.filter((partner) => !['justice', 'ha-noi'].includes(partner.id))) expect([id, share(id)]).toEqual([id, 0])
    for (let index = 0; index < 50; index += 1) {
      const body = bodyOf(index, 'ha-noi')
      const reversed = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(body) as object).toReversed()))
      expect(blocks(rule, reversed)).toBe(blocks(rule, body))
    }
  })

  it('what it matched is the innocent word', () => {
    const index = Array.from({ length: 50 }, (_, n) => n).find((n) => personOf(n).name.endsWith('Thị'))!
    expect(new RegExp(ruleFor(['justice'], ['Thị']).pattern, 'iu').exec(bodyOf(index, 'justice'))![0]).toBe('Thị')
  })
})
