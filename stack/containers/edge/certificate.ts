/**
 * The certificate that an edge shows to partners: put in by a reload of their front alone. It is in force when `set` returns: every worker of before has stopped listening and
 * has closed its idle connections, and a handshake shows it. One that is not for the edge's key is refused, and the old one stays. Its time is nobody's business here.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:tls'
import type { Daemon } from '../agent/daemon.ts'
import type { TlsConfig } from './config.ts'
import { PATHS } from './paths.ts'
import { reload } from './reload.ts'
import { replaceFile } from './waf.ts'

const HANDSHAKE_MS = 2_000
/** nginx reads it before its workers become others. */
const KEY_MODE = 0o600

export class EdgeCertificate {
  readonly #config: TlsConfig
  #current: X509Certificate
  #turn: Promise<unknown> = Promise.resolve()

  constructor(config: TlsConfig) {
    this.#config = config
    this.#current = this.#read(config.certificate)
  }

  /** Before the front starts, which is told so. */
  async prepare(front: string): Promise<void> {
    await writeFile(PATHS.tls, front)
    await writeFile(PATHS.key, this.#config.key, { mode: KEY_MODE })
    await replaceFile(PATHS.certificate, this.#config.certificate)
  }

  /** One at a time. Out: when it ends, or has ended. */
  set(pem: string, front: Daemon): Promise<{ validTo: string }> {
    const mine = this.#turn.then(() => this.#set(pem, front))
    this.#turn = mine.catch(() => {})
    return mine
  }

  async #set(pem: string, front: Daemon): Promise<{ validTo: string }> {
    const next = this.#read(pem)
    if (next.fingerprint256 !== this.#current.fingerprint256) {
      await replaceFile(PATHS.certificate, pem)
      this.#current = next
      await reload(front, 'the new certificate', async () => await shown(this.#config.port) === next.fingerprint256)
    }
    return { validTo: new Date(next.validTo).toISOString() }
  }

  #read(pem: string): X509Certificate {
    const certificate = new X509Certificate(pem)
    if (!certificate.checkPrivateKey(createPrivateKey(this.#config.key))) throw new Error('this certificate is for another key than the edge\'s')
    return certificate
  }
}

/** To whoever comes now; none where the handshake fails. */
async function shown(port: number): Promise<string | undefined> {
  // Whether to trust it is for others to say.
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, timeout: HANDSHAKE_MS })
  socket.once('timeout', () => socket.destroy(new Error('no answer')))
  try {
    await once(socket, 'secureConnect')
    return socket.getPeerCertificate().fingerprint256
  } catch { return undefined } finally { socket.destroy() }
}
