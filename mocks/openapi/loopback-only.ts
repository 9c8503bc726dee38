/**
 * Keeps this process on the machine: a connection to anywhere else than loopback fails as if the net were not there, names are not looked up. For fuzzing,
 * which puts made-up addresses into requests. Gives what undoes it.
 */
import { isIP, Socket } from 'node:net'

export function stayOnLoopback(): { refused: () => number; release: () => void } {
  const original = Socket.prototype.connect as (...given: unknown[]) => Socket
  let refused = 0
  Socket.prototype.connect = function connect(this: Socket, ...given: unknown[]): Socket {
    const host = hostOf(given)
    if (host === undefined || isLoopback(host)) return original.apply(this, given)
    refused += 1
    process.nextTick(() => this.destroy(Object.assign(new Error(`connect ENETUNREACH ${host}: only loopback is reached from here`), { code: 'ENETUNREACH' })))
    return this
  } as typeof Socket.prototype.connect
  return { refused: () => refused, release: () => { Socket.prototype.connect = original as typeof Socket.prototype.connect } }
}

/** `connect` takes options, a port and a host, a path, or what `net.connect` has already normalised: an array of them. */
function hostOf(given: unknown[]): string | undefined {
  const first = Array.isArray(given[0]) ? (given[0] as unknown[])[0] : given[0]
  if (typeof first === 'object' && first !== null) {
    const { host, path } = first as { host?: string; path?: string }
    return path === undefined ? host ?? 'localhost' : undefined
  }
  return typeof first === 'number' ? typeof given[1] === 'string' ? given[1] : 'localhost' : undefined
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || (isIP(bare) === 4 ? bare.startsWith('127.') : bare === '::1')
}
