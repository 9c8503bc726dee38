import { describe, expect, it } from 'vitest'
import { InputError } from '../../contracts/error.ts'
import { FAULTS, needsOf, parseFault } from './index.ts'

describe('parseFault', () => {
  it.each([
    { text: 'dns-uneven', params: { regions: ['south'] } },
    { text: 'dns-uneven:regions=south+central', params: { regions: ['south', 'central'] } },
    { text: 'bank-timeout:bank=bidv,share=0.25,delayMs=3000', params: { bank: 'bidv', share: 0.25, delayMs: 3_000 } },
    { text: 'sms-timeout', params: { share: 0.5, delayMs: 6_000 } },
    { text: 'container-kill', params: { part: 'portal', at: 0.5, seconds: 2 } },
    { text: 'network-cut:from=payments,to=bank-vcb,at=0.4,seconds=6', params: { from: 'payments', to: 'bank-vcb', at: 0.4, seconds: 6 } },
    { text: 'database-failover:replication=async', params: { database: 'postgres-new', replication: 'async', at: 0.5, seconds: 2, lagSeconds: 3 } },
    { text: 'legacy-missing:share=0.01', params: { share: 0.01 } },
    { text: 'waf-blocks-sync:partners=ca-mau,words=Thị', params: { paranoia: 3, partners: ['ca-mau'], words: ['Thị'] } },
  ])('reads $text', ({ text, params }) => {
    expect(parseFault(text)).toEqual({ id: text.split(':')[0], params })
  })

  it('refuses for a load what lives on a cutover', () => {
    for (const id of ['dns-uneven', 'legacy-missing']) expect(() => parseFault(id, { cutover: false, platform: [] })).toThrow(/^FAULT_NOT_PLANTABLE: .*needs a cutover.*overload/)
    expect(parseFault('overload', { cutover: false, platform: [] }).id).toBe('overload')
  })

  it('refuses what touches a real part where none can be touched, and names the way', () => {
    const embedded = { cutover: true, platform: [] }
    for (const { id, touches } of FAULTS) {
      if (touches) expect(() => parseFault(id, embedded)).toThrow(/^FAULT_NEEDS_PLATFORM: .*--target containers.*dns-uneven/)
      else expect(parseFault(id, embedded).id).toBe(id)
    }
    expect(() => parseFault('disk-full', { cutover: true, platform: ['processes', 'network'] })).toThrow(/database-disk.*container-kill/)
    expect(needsOf([parseFault('container-kill'), parseFault('container-stop'), parseFault('disk-full'), parseFault('dns-uneven')])).toEqual(['processes', 'database-disk'])
  })

  it('every fault has defaults, and what it parsed parses again to the same', () => {
    for (const { id, schema } of FAULTS) {
      const { params } = parseFault(id)
      expect(schema.parse(JSON.parse(JSON.stringify(params)))).toEqual(params)
    }
  })

  it.each([
    { text: 'dns-unven', codes: ['FAULT_UNKNOWN'], mend: /did you mean "dns-uneven"/ },
    { text: 'qr-missing', codes: ['FAULT_NOT_PLANTABLE'], mend: /use one of: dns-uneven/ },
    { text: 'bank-timeout:shar=0.5', codes: ['FAULT_PARAMETER_UNKNOWN'], mend: /did you mean "share"/ },
    { text: 'dns-uneven:regions=soth', codes: ['FAULT_PARAMETER_INVALID'], mend: /use one of: north, central, south|did you mean "south"/ },
    { text: 'bank-timeout:share=2', codes: ['FAULT_PARAMETER_INVALID'], mend: /1/ },
    { text: 'container-kill:part=portl', codes: ['FAULT_PARAMETER_INVALID'], mend: /did you mean "portal"/ },
    { text: 'container-kill:at=1', codes: ['FAULT_PARAMETER_INVALID'], mend: /1/ },
    { text: 'bank-timeout:share', codes: ['FAULT_SYNTAX'], mend: /name=value/ },
    { text: 'bank-timeout:share=0.1,share=0.2', codes: ['FAULT_PARAMETER_TWICE'], mend: /once/ },
    { text: 'bank-timeout:bank=acb,delay=1', codes: ['FAULT_PARAMETER_UNKNOWN', 'FAULT_PARAMETER_INVALID'], mend: /delayMs/ },
  ])('refuses $text', ({ text, codes, mend }) => {
    let error: unknown
    try { parseFault(text) } catch (caught) { error = caught }
    expect(error).toBeInstanceOf(InputError)
    const { problems } = error as InputError
    expect(problems.map((problem) => problem.code)).toEqual(codes)
    expect(problems[0]!.where).toBe(`--fault ${text}`)
    expect(problems[0]!.mend).toMatch(mend)
  })
})
