/**
 * One POST of JSON over kept-alive connections, with one deadline for everything: waiting for a connection, sending, the answer.
 * Out: status and body's text (only of answers other than 2xx, unless `keepAll`: as a rule nobody reads the others). Throws on time-out, reset, refused connection.
 * undici's `dispatch` is used directly: `request` with an AbortSignal and a body stream cost more than the rest of a push together.
 */
import { createHmac } from 'node:crypto'
import { createSecureContext, rootCertificates, TLSSocket, type SecureContext } from 'node:tls'
import { Agent, buildConnector, Pool, type Dispatcher } from 'undici'
import { certificateEnded } from '../../contracts/api/partners.ts'

export type Destination = { origin: string; path: string; /** POST where it is not said. */ method?: 'GET' | 'POST' | 'PUT' | 'DELETE' }
export type Posted = { status: number; text: string }

export class NoAnswerInTime extends Error {
  override readonly name = 'NoAnswerInTime'
  readonly code = 'TIMEOUT'
}

export function post(dispatcher: Dispatcher, { origin, path, method = 'POST' }: Destination, body: string, headers: Record<string, string>, timeoutMs: number, keepAll = false): Promise<Posted> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    let late: NoAnswerInTime | undefined
    let status = 0
    const pieces: Buffer[] = []
    const timer = setTimeout(() => {
      late = new NoAnswerInTime(`no answer within ${timeoutMs} ms`)
      controller?.abort(late)
      reject(late)
    }, timeoutMs)
    dispatcher.dispatch({ origin, path, method, body, headers: { 'content-type': 'application/json', ...headers } }, {
      onRequestStart(next) {
        controller = next
        // Its turn for a connection came after the deadline: it must not be sent any more.
        if (late) next.abort(late)
      },
      onResponseStart(_controller, statusCode) { status = statusCode },
      onResponseData(_controller, piece) { if (status >= 300 || keepAll) pieces.push(piece) },
      onResponseEnd() { clearTimeout(timer); resolve({ status, text: pieces.length > 0 ? Buffer.concat(pieces).toString('utf8') : '' }) },
      onResponseError(_controller, error) { clearTimeout(timer); reject(error) },
    })
  })
}

export function destinationOf(url: string | URL): Destination {
  const { origin, pathname, search } = new URL(url)
  return { origin, path: pathname + search }
}

export function signatureOf(key: string, body: string): string {
  return createHmac('sha256', key).update(body).digest('hex')
}

/** A text as a header value; what a header cannot carry is percent-encoded (ops never need it, foreign references may). */
export function headerValue(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed())
}

const LIMITS = { pipelining: 1, keepAliveTimeout: 30_000, headersTimeout: 0, bodyTimeout: 0 } as const

/** To any receiver. */
export function openAgent(): Dispatcher { return new Agent({ ...LIMITS, connections: 8 }) }

/** To one receiver, from a local address of one's own; `authority`: PEM, trusted beside those that the machine knows. */
export function openPool(origin: string, localAddress: string | undefined, connections: number, authority?: string): Dispatcher {
  const connect = origin.startsWith('https:') ? { connect: trusting(authority) } : {}
  return new Pool(origin, { ...LIMITS, connections, ...(localAddress === undefined ? {} : { localAddress }), ...connect })
}

export class NotTrusted extends Error {
  override readonly name = 'NotTrusted'
  /** As Node calls it: CERT_HAS_EXPIRED, ERR_TLS_CERT_ALTNAME_INVALID, … */
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Checks the receiver's certificate as Node does, but looks at it before the connection is closed: whoever refuses one that has expired has to be able to say since when.
 * Each connection makes a whole handshake, since one that goes on from an earlier one is shown no certificate.
 */
function trusting(authority: string | undefined): buildConnector.connector {
  const connect = buildConnector({ secureContext: trustOf(authority), rejectUnauthorized: false, maxCachedSessions: 0, allowH2: false })
  return (options, callback) => connect(options, (error, socket) => {
    if (error) callback(error, null)
    else if (!(socket instanceof TLSSocket) || socket.authorized) callback(null, socket!)
    else {
      const refused = notTrusted(socket)
      socket.destroy()
      callback(refused, null)
    }
  })
}

/** The machine's authorities are some hundred, read again for each context: one for all partners of a process. */
const trusts = new Map<string | undefined, SecureContext>()
function trustOf(authority: string | undefined): SecureContext {
  const known = trusts.get(authority) ?? createSecureContext(authority === undefined ? {} : { ca: [...rootCertificates, authority] })
  trusts.set(authority, known)
  return known
}

function notTrusted(socket: TLSSocket): NotTrusted {
  // A text here, whatever its type says.
  const code = String(socket.authorizationError)
  const endedAtMs = code === 'CERT_HAS_EXPIRED' ? Date.parse(socket.getPeerCertificate().valid_to) : Number.NaN
  return new NotTrusted(code, Number.isNaN(endedAtMs) ? 'the certificate is not trusted' : certificateEnded(endedAtMs))
}
