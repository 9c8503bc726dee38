/** Real administration servers on loopback for tests: several systems behind one port, each with its evidence and an answer to every control. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAdminServer, type AdminHandlers } from '../../contracts/admin-server.ts'
import type { Control } from '../../contracts/api/admin.ts'
import { runFolder, type RunFolder } from '../../contracts/run-folder.ts'
import type { Target, TargetSystem } from '../../contracts/target.ts'
import { createAdminClient, type AdminClient } from '../admin-client.ts'
import { TARGET } from '../engine/stage.ts'

export type AdminStand = { target: Target; client: AdminClient; folder: RunFolder; controls: { system: string; control: Control }[]; close: () => Promise<void> }
export type StandSystem = { role: TargetSystem['role'] } & Partial<TargetSystem> & { handlers?: Partial<AdminHandlers> }

export async function openAdminStand(systems: Record<string, StandSystem>): Promise<AdminStand> {
  const controls: AdminStand['controls'] = []
  const handlers = new Map(Object.entries(systems).map(([id, { handlers: own }]): [string, AdminHandlers] => [`/${id}`, {
    system: id, ready: () => true, evidence: () => [], pending: () => 0, served: () => 0, ...own,
    control: (control) => { controls.push({ system: id, control }); return own?.control ? own.control(control) : {} },
  }]))
  const server: Server = await startAdminServer({ host: '127.0.0.1', port: 0, systems: handlers })
  const { port } = server.address() as AddressInfo
  const target: Target = {
    ...TARGET,
    systems: Object.entries(systems).map(([id, { handlers: _, ...system }]) => ({ mode: 'simulated', unit: 'unit', admin: `http://127.0.0.1:${port}/${id}`, ...system, id })),
  }
  const directory = mkdtempSync(join(tmpdir(), 'cutover-'))
  const client = createAdminClient({ target, timeoutMs: 2_000 })
  return {
    target, client, controls, folder: runFolder(directory),
    async close() {
      await client.close()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
