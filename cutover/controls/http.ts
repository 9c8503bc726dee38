/** Acts by an HTTP call with the system's credentials; done is any 2xx. It is sent once: whether a call that got no answer was taken, nobody knows. */
import { filledIn, objectIn, way } from './control.ts'

const KEPT = 200

export const httpWay = way<'http'>({
  by: 'http',
  async act({ system, values, access, wire, signal }, { method, url, headers, body, timeoutMs }) {
    const encoded = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, encodeURIComponent(value)]))
    // Inside JSON a value must not end the text that it stands in.
    const quoted = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value).slice(1, -1)]))
    const answer = await wire.ask(system, filledIn(url, encoded), {
      method, timeoutMs, signal, headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers }, ...(body !== undefined && { body: filledIn(body, quoted) }),
    })
    let text = ''
    for await (const piece of answer.body) text = (text + Buffer.from(piece as Uint8Array).toString('utf8')).slice(0, 64 << 10)
    if (answer.status < 200 || answer.status > 299) throw new Error(`${method} answered ${answer.status} ${access.blot(text).slice(0, KEPT)}`.trim())
    return objectIn(text)
  },
})
