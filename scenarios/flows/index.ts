/** The registry of flows. A new flow: one file, one line here. */
import { dossierSync } from './dossier-sync.ts'
import { findService } from './find-service.ts'
import type { Flow } from './flow.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { pay } from './pay.ts'
import { readDossier } from './read-dossier.ts'
import { sms } from './sms.ts'
import { statusSync } from './status-sync.ts'
import { submit } from './submit.ts'

export const FLOWS: readonly Flow[] = [login, findService, submit, readDossier, pay, sms, logout, dossierSync, statusSync]

export function flowOf(id: string): Flow {
  const flow = FLOWS.find((candidate) => candidate.id === id)
  if (!flow) throw new Error(`no flow "${id}"`)
  return flow
}

export const FLOW_IDS: readonly string[] = FLOWS.map((flow) => flow.id)
