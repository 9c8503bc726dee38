import { channel } from 'node:diagnostics_channel'
import { afterEach, describe, expect, it } from 'vitest'
import { sendMessage } from '../../contracts/partner-api/roles/sms.ts'
import { ANSWERS, type Answered } from '../server/answers-channel.ts'
import { createEndpoint, type RawRequest } from '../server/endpoint.ts'
import { defineRoute, ok, type Answer } from '../server/route.ts'
import { watchAnswers, type Watch } from './watch.ts'

let watch: Watch
afterEach(() => watch.stop())

/** One that answers as it is told. */
const gateway = (answer: Answer, name = sendMessage.name) => createEndpoint([defineRoute({ ...sendMessage, name, resolve: () => answer })], undefined)
const request = (changes: Partial<RawRequest> = {}): RawRequest =>
  ({ method: 'POST', path: sendMessage.path, query: '', body: JSON.stringify(sendMessage.examples[0]!.request), header: () => undefined, ...changes })
const ACCEPTED = { gatewayId: 'SMS1', encoding: 'gsm-7', segments: 1 }
const aside = channel('a channel of this test')
const tell = (reply: Answer, endpoint = gateway(reply)) => { aside.publish({ endpoint, request: request(), reply } satisfies Answered) }

describe('the watch over answers', () => {
  it('sees what an endpoint answers, refusals among it', async () => {
    watch = watchAnswers(ANSWERS)
    const endpoint = gateway(ok(ACCEPTED, 202))
    expect(await endpoint.reply(request())).toMatchObject({ status: 202 })
    expect(await endpoint.reply(request({ body: '{' }))).toMatchObject({ status: 400 })
    expect(await endpoint.reply(request({ path: '/nothing' }))).toMatchObject({ status: 404 })
    expect(await endpoint.reply(request({ method: 'PUT' }))).toMatchObject({ status: 405 })
    expect(watch.checked()).toBe(4)
    expect(watch.take()).toEqual([])
  })

  it('remembers what is not in the document, once', () => {
    watch = watchAnswers(aside)
    tell(ok({}, 202))
    tell(ok({ ...ACCEPTED, undeclared: 1 }, 202))
    tell(ok(ACCEPTED, 200))
    tell({ status: 400, body: { error: { code: 'MADE_UP', message: 'm' } } })
    expect(watch.take()).toEqual([
      expect.stringContaining("must have required property 'gatewayId'"), expect.stringContaining('(undeclared)'),
      expect.stringContaining('send answered 200'), expect.stringContaining('body/error/code must be equal to one of'),
    ])
    expect(watch.take()).toEqual([])
  })

  it('lets an endpoint of no role alone', () => {
    watch = watchAnswers(aside)
    tell(ok({ anything: 1 }, 299), gateway(ok({}), 'no-such-operation'))
    expect([watch.checked(), watch.take()]).toEqual([0, []])
  })
})
