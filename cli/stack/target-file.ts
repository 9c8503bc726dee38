/**
 * The target file of a reference stack that runs by itself: everything that a real staging system's file says, with its secrets in a file of their own. What
 * may be done to it is everything, because nobody but the rehearsal uses it.
 */
import { writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { Target, type TargetPrepared } from '../../contracts/target.ts'

export function writeTargetFile(target: Target, { file, secretsFile, schemaFile, timeScale, prepared }: { file: string; secretsFile: string; schemaFile: string; timeScale: number; prepared: TargetPrepared }): void {
  const secrets: string[] = []
  const systems = target.systems.map((system) => {
    if (system.database === undefined) return system
    const name = `${system.id.toUpperCase().replaceAll('-', '_')}_DATABASE`
    secrets.push(`${name}=${system.database}`)
    return { ...system, database: `file:${secretsFile}#${name}` }
  })
  const whole = Target.parse({
    ...target, name: `${target.name} (stack up)`, systems, timeScale, prepared, may: { write: true, control: true, faults: 'all', identities: '^99[5-9]' },
  } satisfies Target)
  writeFileSync(secretsFile, `# Secrets of the target file beside it; gone when the stack ends.\n${secrets.join('\n')}\n`, { mode: 0o600 })
  writeFileSync(file, `# yaml-language-server: $schema=${schemaFile}\n# A reference stack that runs by itself, described as a staging system would be (docs/targets.md). Good for one run: what a run leaves is the next one's past.\n${stringify(whole, { lineWidth: 160 })}`)
}
