/** `tongduyet load --emit k8s DIR`: the resolved load as manifests for k6-operator, with a plan of its own. Starts nothing. */
import { relative, resolve } from 'node:path'
import { EXIT, InputError } from '../../contracts/error.ts'
import { checkScenarios } from '../../scenarios/bundle.ts'
import { emitK8s } from '../../scenarios/emit/emit-k8s.ts'
import { printJson } from '../commands/command.ts'
import { workerNames } from '../rehearse/generators.ts'
import { buildPlan } from '../rehearse/plan.ts'
import type { Resolved } from '../rehearse/resolve.ts'
import { newRunId } from '../rehearse/run-id.ts'
import { versionsOf } from '../rehearse/versions.ts'
import { readTarget } from '../target/load-target.ts'
import type { World } from '../world.ts'

export async function emitLoad(world: World, resolved: Resolved, { emit, target, json }: { emit: readonly string[]; target: string; json: boolean }): Promise<number> {
  const [kind, directory, ...more] = emit
  if (kind !== 'k8s' || directory === undefined || more.length > 0) {
    throw new InputError([{ code: 'EMIT_UNKNOWN', what: `"--emit ${emit.join(' ')}" does not say what to write where`, where: '--emit', mend: 'write --emit k8s DIR' }])
  }
  if (target === 'embedded') {
    throw new InputError([{ code: 'EMIT_TARGET_LOOPBACK', what: 'the embedded stack is on this machine alone, for as long as a run lasts', where: '--target', mend: 'give a target file with addresses that pods can reach: --target my-staging.yaml' }])
  }
  const { value } = readTarget(world, target)
  await checkScenarios()
  const plan = buildPlan(resolved, {
    runId: newRunId(resolved.profile.name, world.nowMs()), createdAt: world.nowMs(), target: value, workers: workerNames(resolved.workers), versions: versionsOf(world),
  })
  const out = resolve(world.cwd, directory)
  const files = await emitK8s({ plan, directory: out })
  const shown = relative(world.cwd, out)
  if (json) printJson(world, { directory: out, files, planHash: plan.planHash })
  else for (const one of files) world.stdout.write(`${shown.startsWith('..') ? out : shown || '.'}/${one}\n`)
  return EXIT.pass
}
