/**
 * The stack in containers: how long it takes to come up, with the images built, when nothing of it is in memory (cold, where the machine lets its page cache be dropped) and right
 * afterwards (warm), how long to go; then a smoke rehearsal on it, with the memory of all of its containers and of the harness together.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { World } from '../cli/world.ts'
import { connectDocker, type Docker } from '../stack/containers/docker.ts'
import { provideImages } from '../stack/containers/images.ts'
import { startContainers } from '../stack/containers/index.ts'
import { RUN_LABEL } from '../stack/containers/ownership.ts'
import { IMAGES } from '../stack/containers/spec.ts'
import { benchRehearsal, type RehearsalBench } from './bench-rehearsal.ts'

const LIMITS = { coldMs: 90_000, warmMs: 30_000, smokeMs: 180_000, memoryMb: 6 * 1_024 }

type Start = { wallMs: number; ofLimit: number; closeMs: number }
export type ContainersBench = { cold: Start | null; warm: Start; smoke: RehearsalBench }

export async function benchContainers(world: World): Promise<ContainersBench> {
  const engine = await connectDocker()
  await provideImages(engine, IMAGES, { signal: new AbortController().signal, onProgress: () => {} })
  const cold = dropPageCache() ? await start(LIMITS.coldMs) : null
  const warm = await start(LIMITS.warmMs)
  return { cold, warm, smoke: await benchRehearsal(world, 'smoke', { wallMs: LIMITS.smokeMs, memoryMb: LIMITS.memoryMb }, { target: 'containers', beside: () => memoryOfContainers(engine.docker) }) }
}

async function start(limitMs: number): Promise<Start> {
  const workDirectory = mkdtempSync(join(tmpdir(), 'bench-containers-'))
  try {
    const startedAt = performance.now()
    const stack = await startContainers({
      runId: `bench-${process.pid}-${Math.round(startedAt)}`, workDirectory, simulatorsEntry: 'mocks/container-process.ts', seed: 1, timeScale: 140, scenarioStartMs: Date.now(), legacyDossiers: 2_000,
    })
    const wallMs = Math.round(performance.now() - startedAt)
    await stack.close()
    return { wallMs, ofLimit: Math.round(wallMs / limitMs * 1_000) / 1_000, closeMs: Math.round(performance.now() - startedAt) - wallMs }
  } finally { rmSync(workDirectory, { recursive: true, force: true }) }
}

/** What is not dirty goes; only root may. */
function dropPageCache(): boolean {
  try { writeFileSync('/proc/sys/vm/drop_caches', '1'); return true } catch { return false }
}

/** As `docker stats` counts it: without files that could be let go of. */
async function memoryOfContainers(docker: Docker): Promise<number> {
  const containers = await docker.listContainers({ filters: { label: [RUN_LABEL] } })
  const used = await Promise.all(containers.map(async ({ Id }) => {
    try {
      const { memory_stats: { usage = 0, stats } } = await docker.getContainer(Id).stats({ stream: false, 'one-shot': true }) as { memory_stats: { usage?: number; stats?: { inactive_file?: number; total_inactive_file?: number } } }
      return usage - (stats?.total_inactive_file ?? stats?.inactive_file ?? 0)
    } catch { return 0 }
  }))
  return used.reduce((sum, bytes) => sum + bytes, 0)
}
