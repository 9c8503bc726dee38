/** Refusals on the wire: where the code and the message stand, and what the codes are called. Canonical: `{error: {code, message}}`. */
import type { WireRole } from './contract-profile.ts'
import { put } from './form-data.ts'
import { COMMON_REFUSALS, type Operation } from './operation.ts'

export type Refusal = { error: { code: string; message: string } }
export type RefusalWire = {
  isRefusal: (body: unknown) => body is Refusal
  write: (refusal: Refusal) => unknown
  /** Undefined where the body is no refusal. */
  read: (body: unknown) => Refusal | undefined
  /** The canonical status of a canonical code. */
  statusOf: (operation: Pick<Operation, 'refuses'>, code: string) => number | undefined
}

export function createRefusalWire(role?: Pick<WireRole, 'codes' | 'refusal'>): RefusalWire {
  const codes = new Map(Object.entries(role?.codes ?? {}))
  const back = new Map(Array.from(codes, ([canonical, wire]) => [wire, canonical]))
  const codePath = (role?.refusal.code ?? 'error.code').split('.')
  const messagePath = (role?.refusal.message ?? 'error.message').split('.')
  const plain = codes.size === 0 && codePath.join('.') === 'error.code' && messagePath.join('.') === 'error.message'
  return {
    isRefusal,
    write(refusal) {
      if (plain) return refusal
      const written: Record<string, unknown> = {}
      set(written, codePath, codes.get(refusal.error.code) ?? refusal.error.code)
      if (refusal.error.message !== undefined) set(written, messagePath, refusal.error.message)
      return written
    },
    read(body) {
      const code = get(body, codePath)
      if (typeof code !== 'string') return undefined
      if (plain) return body as Refusal
      const message = get(body, messagePath)
      return { error: { code: back.get(code) ?? (codes.has(code) ? `wire:${code}` : code), ...(message === undefined ? {} : { message }) } as Refusal['error'] }
    },
    statusOf: (operation, code) => operation.refuses?.[code]?.status ?? (COMMON_REFUSALS as Record<string, { status: number }>)[code]?.status,
  }
}

function isRefusal(body: unknown): body is Refusal {
  const error = (body as { error?: { code?: unknown } } | null | undefined)?.error
  return typeof error === 'object' && error !== null && typeof error.code === 'string'
}

function get(body: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, step) => typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? (at as Record<string, unknown>)[step] : undefined, body)
}

function set(body: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = body
  for (const step of path.slice(0, -1)) {
    if (typeof at[step] !== 'object' || at[step] === null) put(at, step, {})
    at = at[step] as Record<string, unknown>
  }
  put(at, path.at(-1)!, value)
}
