/** Who made a thing that may outlive him: machine's boot, process namespace, pid and start of the process, so that none is taken for another. */
import { readFileSync, readlinkSync } from 'node:fs'

export type Owner = { boot: string; namespace: string; pid: number; startedAt: string }

/** `/proc` tells the start of a process in ticks since the boot (proc(5), field 22 of stat). */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch { return undefined }
}

export function thisOwner(): Owner {
  return {
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), namespace: readlinkSync('/proc/self/ns/pid'),
    pid: process.pid, startedAt: startOf(process.pid) ?? '',
  }
}

export function textOf({ boot, namespace, pid, startedAt }: Owner): string { return [boot, namespace, pid, startedAt].join(' ') }

/** This process, as labels have it; undefined where the machine does not tell. */
export function ownerText(): string | undefined {
  try { return textOf(thisOwner()) } catch { return undefined }
}

export function ownerOf(label: string | undefined): Owner | undefined {
  const [boot, namespace, pid, startedAt] = (label ?? '').split(' ')
  return boot && namespace && Number(pid) > 0 && startedAt ? { boot, namespace, pid: Number(pid), startedAt } : undefined
}

/** Only where it is known: a process of another namespace or of another machine's boot cannot be looked for from here. */
export function isDead(owner: Owner, self: Owner = thisOwner()): boolean {
  if (owner.boot !== self.boot || owner.namespace !== self.namespace) return false
  return startOf(owner.pid) !== owner.startedAt
}

/** When this machine was booted, epoch ms, by whole seconds (proc(5), btime of stat). */
export function bootedAtMs(): number {
  return Number(/^btime (\d+)$/mu.exec(readFileSync('/proc/stat', 'utf8'))![1]) * 1_000
}
