/**
 * What is generated from the zod schemas: the JSON Schemas for editors (`# yaml-language-server: $schema=…`) and the OpenAPI documents of the partners.
 * Out: file below `contracts/` → text.
 */
import { z } from 'zod'
import { BehavioursFile } from '../contracts/partner-api/behaviours-file.ts'
import { ContractProfile } from '../contracts/partner-api/contract-profile.ts'
import { IssuerProfile } from '../contracts/partner-api/issuer-profile.ts'
import { openApiText } from '../contracts/partner-api/openapi.ts'
import { ROLES } from '../contracts/partner-api/roles/index.ts'
import { Fixture } from '../conform/fixture.ts'
import { Profile } from '../contracts/profile.ts'
import { Runbook } from '../contracts/runbook.ts'
import { Split } from '../contracts/split.ts'
import { Target } from '../contracts/target.ts'

const DOCUMENTS = { behaviours: BehavioursFile, 'contract-profile': ContractProfile, 'issuer-profile': IssuerProfile, runbook: Runbook, profile: Profile, split: Split, target: Target, fixture: Fixture }

export function generatedFiles(): Record<string, string> {
  return Object.fromEntries([
    ...Object.entries(DOCUMENTS).map(([name, schema]) =>
      [`json-schema/${name}.schema.json`, `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`]),
    ...ROLES.map((role) => [`openapi/${role.id}.json`, openApiText(role)]),
  ])
}
