/**
 * How a portal was set lasts beyond its process, as in production: open or frozen, and its clock. The last control of each kind that it obeyed is kept in a file (none:
 * nothing is kept), and set again before it listens, so that a portal that was killed never serves as on its first day.
 */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { Control } from '../../contracts/api/admin.ts'

/** Undefined: not its business. */
type Steer = (control: Control) => Promise<unknown>

export function keepSettings(file: string | undefined, steer: Steer): { steer: Steer; recall: () => Promise<void> } {
  const kept: Record<string, Control> = {}
  let writing = Promise.resolve()

  async function write(path: string): Promise<void> {
    await writeFile(`${path}.new`, JSON.stringify(kept))
    await rename(`${path}.new`, path)
  }

  return {
    async steer(control) {
      const answer = await steer(control)
      if (file === undefined || answer === undefined) return answer
      kept[control.action] = control
      // One after the other: a later setting is never overtaken by an earlier one.
      writing = writing.then(() => write(file))
      await writing
      return answer
    },
    async recall() {
      if (file === undefined) return
      let text: string
      try { text = await readFile(file, 'utf8') } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
        throw error
      }
      for (const control of Object.values(JSON.parse(text) as Record<string, unknown>).map((one) => Control.parse(one))) {
        kept[control.action] = control
        await steer(control)
      }
    },
  }
}
