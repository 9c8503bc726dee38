/** The JSON Schemas for editors (`# yaml-language-server: $schema=…`), generated from the zod schemas: file name → text. */
import { z } from 'zod'
import { Profile } from '../contracts/profile.ts'
import { Runbook } from '../contracts/runbook.ts'
import { Split } from '../contracts/split.ts'
import { Target } from '../contracts/target.ts'

const DOCUMENTS = { runbook: Runbook, profile: Profile, split: Split, target: Target }

export function jsonSchemas(): Record<string, string> {
  return Object.fromEntries(Object.entries(DOCUMENTS).map(([name, schema]) =>
    [`${name}.schema.json`, `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`]))
}
