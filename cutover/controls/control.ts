/**
 * The seam of ways to act on a system (`contracts/target/control.ts`). One file each: `by`, then `act`, which does it or throws. What the way answers
 * (a count that was published, a serial) is handed to the step where it is an object.
 */
import type { Control } from '../../contracts/api/admin.ts'
import type { ControlAct, ControlWay } from '../../contracts/target/control.ts'
import type { TargetSystem } from '../../contracts/target.ts'
import type { TargetAccess } from '../access.ts'
import type { Wire } from '../wire.ts'

export type ActContext = { system: TargetSystem; act: ControlAct; values: Readonly<Record<string, string>>; access: TargetAccess; wire: Wire; signal?: AbortSignal | undefined }

export type Way<By extends ControlWay['by'] = ControlWay['by']> = {
  by: By
  act: (context: ActContext, way: Extract<ControlWay, { by: By }>) => Promise<Record<string, unknown>>
}

export function way<By extends ControlWay['by']>(definition: Way<By>): Way { return definition as unknown as Way }

/** The act that a control is; undefined for what only the product's own stack knows (clocks, limits, behaviours). */
export function actOf(control: Control): ControlAct | undefined {
  switch (control.action) {
    case 'mode': return `mode.${control.mode}`
    case 'publish': case 'unpublish': case 'zone.set': return control.action
    case 'connect': return control.connected ? 'connect' : 'disconnect'
    case 'connections.close': return control.close ? 'connections.close' : 'connections.keep'
    default: return undefined
  }
}

/** What can be put in for `{…}`. */
export function valuesOf(control: Control, system: TargetSystem): Record<string, string> {
  return {
    system: system.id, partner: system.id.replace(/^partner-/, ''),
    ...(control.action === 'zone.set' && { name: control.name, ...(control.address !== undefined && { address: control.address }), ...(control.ttlS !== undefined && { ttl: String(control.ttlS) }) }),
  }
}

export function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(system|partner|name|address|ttl)\}/g, (_whole, name: string) => values[name] ?? '')
}

/** An answer that says more than that it was done. */
export function objectIn(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json as Record<string, unknown> : {}
  } catch { return {} }
}
