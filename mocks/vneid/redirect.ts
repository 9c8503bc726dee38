/** Answers that lead a browser elsewhere, and how a browser is told from a program: it asks for text/html. */
import type { Answer, Call } from '../server/route.ts'

/** Empty parameters are left out. */
export function redirect(uri: string, parameters: Record<string, string>): Answer {
  const target = new URL(uri)
  for (const [name, value] of Object.entries(parameters)) if (value !== '') target.searchParams.set(name, value)
  return { status: 302, headers: { location: target.href } }
}

export function wantsPage(call: Call): boolean { return call.header('accept')?.includes('text/html') ?? false }
