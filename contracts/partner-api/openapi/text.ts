/** Texts of a document that knows one language only: Vietnamese first, then English. */
import type { Text } from '../../text.ts'

export function both({ vi, en }: Text): string { return `${vi} · ${en}` }

export function paragraphs({ vi, en }: Text): string { return `${vi}\n\n*${en}*` }
