import { describe, expect, it } from 'vitest'
import { InputError } from '../../contracts/error.ts'
import { FAULTS, parseFault } from './index.ts'

describe('parseFault', () => {
  it.each([
    { text: 'dns-uneven', params: { regions: ['south'] } },
    { text: 'dns-uneven:regions=south+central', params: { regions: ['south', 'central'] } },
    { text: 'bank-timeout:bank=bidv,share=0.25,delayMs=3000', params: { bank: 'bidv', share: 0.25, delayMs: 3_000 } },
    { text: 'sms-timeout', params: { share: 0.5, delayMs: 6_000 } },
    { text: 'legacy-missing:share=0.01', params: { share: 0.01 } },
    { text: 'waf-blocks-sync:partners=ca-mau,words=Thị', params: { paranoia: 3, partners: ['ca-mau'], words: ['Thị'] } },
  ])('reads $text', ({ text, params }) => {
    expect(parseFault(text)).toEqual({ id: text.split(':')[0], params })
  })

  it('refuses for a load what lives on a cutover', () => {
    for (const id of ['dns-uneven', 'legacy-missing']) expect(() => parseFault(id, { cutover: false })).toThrow(/^FAULT_NOT_PLANTABLE: .*needs a cutover.*overload/)
    expect(parseFault('overload', { cutover: false }).id).toBe('overload')
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
