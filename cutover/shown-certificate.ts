/** Until when the certificate is good that a host shows, by a real handshake: whether to trust it is another question. Null where none was shown in time. */
import { isIP } from 'node:net'
import { connect } from 'node:tls'

export function shownCertificate({ host, port, timeoutMs }: { host: string; port: number; timeoutMs: number }): Promise<{ untilMs: number } | null> {
  return new Promise((resolve) => {
    const done = (found: { untilMs: number } | null) => { resolve(found); socket.destroy() }
    const socket = connect({ host, port, rejectUnauthorized: false, ...(isIP(host) === 0 && { servername: host }) }, () => {
      const untilMs = Date.parse(socket.getPeerCertificate().valid_to)
      done(Number.isNaN(untilMs) ? null : { untilMs })
    })
    socket.setTimeout(timeoutMs, () => done(null))
    socket.on('error', () => done(null))
  })
}
