/** Names a run so that folders sort by time and two started in the same second differ: `20261122-093000-night-7f3a`. */
import { randomBytes } from 'node:crypto'

export function newRunId(profile: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]/g, '').slice(0, 15).replace('T', '-')
  return `${stamp}-${profile}-${randomBytes(2).toString('hex')}`
}
