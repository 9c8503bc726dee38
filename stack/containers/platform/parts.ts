/** The parts of a run that can be damaged: each container by its name, what it was made from, and who it is now (a standby takes over its database's name). */
import { HarnessError } from '../../../contracts/error.ts'
import { suggest } from '../../../contracts/did-you-mean.ts'
import type { RunContext, StartedContainer } from '../container.ts'
import type { ContainerSpec } from '../spec.ts'

export type Part = { spec: ContainerSpec; container: StartedContainer }

export type Parts = {
  context: RunContext
  /** Tag of the image of the harness's own containers beside them. */
  tag: string
  names: () => string[]
  of: (name: string) => Part
  set: (name: string, part: Part) => void
  /** A death that was ordered is no accident. */
  ordered: (id: string) => void
  /** It runs (again): its log is followed. */
  running: (part: Part) => Promise<void>
}

export function createParts(options: Omit<Parts, 'names' | 'of' | 'set'> & { parts: ReadonlyMap<string, Part> }): Parts {
  const { parts: known, ...rest } = options
  const parts = new Map(known)
  return {
    ...rest,
    names: () => [...parts.keys()],
    of(name) {
      const part = parts.get(name)
      if (!part) throw new HarnessError({ code: 'PLATFORM_PART_UNKNOWN', what: `the stack has no part "${name}"`, where: name, mend: suggest(name, [...parts.keys()]) })
      return part
    },
    set: (name, part) => { parts.set(name, part) },
  }
}

export function cannot(what: string, why: string): HarnessError {
  return new HarnessError({ code: 'PLATFORM_CANNOT', what: `${what}: ${why}`, mend: 'plant another fault here, or run this one where the kernel and Docker allow it' })
}
