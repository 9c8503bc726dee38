/** What of a slot is still there, read from the system's own tables (Linux): for tests that a stack leaves nothing behind. */
import { readFileSync } from 'node:fs'

const LISTENING = '0A'

/** `tcp 127.S.y.z:port` of every listening TCP and bound UDP socket of the slot. */
export function socketsOf(slot: number): string[] {
  const found: string[] = []
  for (const protocol of ['tcp', 'udp'] as const) {
    for (const line of readFileSync(`/proc/net/${protocol}`, 'utf8').split('\n').slice(1)) {
      const [, local, , state] = line.trim().split(/\s+/u)
      if (!local || (protocol === 'tcp' && state !== LISTENING)) continue
      const [address, port] = local.split(':')
      // The kernel prints the address as one little-endian number.
      const bytes = Buffer.from(address!, 'hex').reverse()
      if (bytes[0] === 127 && bytes[1] === slot) found.push(`${protocol} ${[...bytes].join('.')}:${Number.parseInt(port!, 16)}`)
    }
  }
  return found
}

export function isAlive(pid: number): boolean {
  try { process.kill(pid, 0) } catch { return false }
  // A zombie whose parent has not looked yet has ended all the same.
  try { return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8')) } catch { return false }
}
