/** What of a stack is still there, read from the system's own tables (Linux): for tests that it leaves nothing behind. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

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

/** Processes that were told of this directory when they were started. */
export function programsOf(directory: string): { pid: number; program: string; parent: number }[] {
  return readdirSync('/proc').filter((name) => /^\d+$/u.test(name)).flatMap((pid) => {
    try {
      const [program = '', ...parameters] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      if (!parameters.some((one) => one.includes(directory))) return []
      return [{ pid: Number(pid), program: basename(program), parent: Number(/^PPid:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) }]
    } catch { return [] }
  })
}

export function isAlive(pid: number): boolean {
  try { process.kill(pid, 0) } catch { return false }
  // A zombie whose parent has not looked yet has ended all the same.
  try { return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8')) } catch { return false }
}
