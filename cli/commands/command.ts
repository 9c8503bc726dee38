/** The seam of the commands: one file each, registered in `index.ts`; an action gets the world and answers an exit code. */
import type { Command } from 'commander'
import type { World } from '../world.ts'

export type Act = (work: (world: World) => Promise<number> | number) => Promise<void>
export type CommandDefinition = { register: (program: Command, act: Act) => void }

export function printJson(world: World, value: unknown): void { world.stdout.write(`${JSON.stringify(value, null, 2)}\n`) }

/** Columns padded to the widest cell; full-width characters are not in the texts. */
export function printTable(world: World, headers: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headers.map((header, column) => Math.max(header.length, ...rows.map((row) => (row[column] ?? '').length)))
  const line = (cells: readonly string[]) => `${cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()}\n`
  world.stdout.write(line(headers))
  world.stdout.write(line(widths.map((width) => '-'.repeat(width))))
  for (const row of rows) world.stdout.write(line(row))
}

/** The parser of an option that may be given more than once; its default is []. */
export function repeated(value: string, all: readonly string[] = []): string[] { return [...all, value] }

export const LANGUAGE_OPTION = ['--lang <vi|en>', 'language of texts', 'vi'] as const
