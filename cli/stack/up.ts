/**
 * `tongduyet stack up`: the reference stack by itself, for whoever wants to aim a rehearsal at it as at a foreign system, until Ctrl-C or `stack down`. It is
 * prepared for the run that will come (old dossiers, hours, seed) and knows nothing of it.
 */
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { EXIT, HarnessError, InputError } from '../../contracts/error.ts'
import { printJson } from '../commands/command.ts'
import { openStack } from '../rehearse/open-stack.ts'
import { LARGEST_TIME_SCALE, type OwnStack, type Resolved } from '../rehearse/resolve.ts'
import { newRunId } from '../rehearse/run-id.ts'
import type { World } from '../world.ts'
import { beganOf, makeStackDirectory, writeState } from './state.ts'
import { writeTargetFile } from './target-file.ts'

/** The embedded stack's clocks follow whatever a run asks for. */
const ANY_TIME_SCALE = 10_000

export type UpOptions = { resolved: Resolved; kind: OwnStack; /** As they can be named again from anywhere. */ runbook: string; profile: string; name: string; out: string | undefined; json: boolean; /** For tests: when it serves. */ onUp?: (targetFile: string) => void }

export async function stackUp(world: World, { resolved, kind, runbook, profile, name, out, json, onUp }: UpOptions): Promise<number> {
  const paths = makeStackDirectory(world, name)
  const targetFile = out === undefined ? paths.target : resolve(world.cwd, out)
  if (out !== undefined && existsSync(targetFile)) throw new InputError([{ code: 'OUT_NOT_WRITABLE', what: `"${out}" is there already`, where: '--out', mend: 'give another path, or remove it' }])
  const ended = new AbortController()
  const broken = Promise.withResolvers<never>()
  broken.promise.catch(() => {})
  const unsubscribe = world.onInterrupt((signal) => ended.abort(new Error(signal)))
  let up = false
  try {
    const say = (line: string) => { if (!json) world.stderr.write(`${line}\n`) }
    await using stack = await openStack(world, resolved, {
      workDirectory: paths.work, runId: newRunId(`stack-${name}`, world.nowMs()), signal: ended.signal,
      onProgress: (event) => {
        if (event.kind === 'started') say(`${event.name} (${event.wallMs} ms)`)
        if (event.kind === 'preparing') say(`${event.what}: ${event.name}`)
        if (event.kind === 'child-exit' && up) broken.reject(new HarnessError({ code: 'CHILD_EXITED', what: `${event.name} ended (${event.signal ?? event.code}): ${event.stderrTail.slice(-600)}`, where: join(paths.work, 'logs', `${event.name}.log`), mend: 'read the log; tongduyet doctor says what the machine lacks' }))
      },
    })
    up = true
    stack.lost?.addEventListener('abort', () => broken.reject(stack.lost!.reason as Error), { once: true })
    writeTargetFile(stack.target, { file: targetFile, secretsFile: paths.secrets, schemaFile: join(world.root, 'contracts', 'json-schema', 'target.schema.json'), timeScale: Math.min(ANY_TIME_SCALE, LARGEST_TIME_SCALE[kind]), prepared: { stack: kind, runbook, profile, cutover: resolved.cutover, legacyDossiers: resolved.profile.legacyDossiers } })
    writeState(paths, { v: 1, name, target: kind, pid: process.pid, began: beganOf(process.pid) ?? '', since: world.nowMs(), runbook, profile, seed: resolved.seed, targetFile })
    if (json) printJson(world, { name, targetFile, portal: stack.target.systems.find(({ id }) => id === 'portal')?.url })
    else world.stdout.write(`${targetFile}\n`)
    say(`tongduyet ${runbook === 'load' ? 'load' : `rehearse ${runbook}`} --target ${targetFile} --profile ${profile} --seed ${resolved.seed}\nCtrl-C, or: tongduyet stack down${name === 'default' ? '' : ` --name ${name}`}`)
    onUp?.(targetFile)
    await Promise.race([broken.promise, aborted(ended.signal)])
    return EXIT.pass
  } catch (error) {
    if (ended.signal.aborted && !(error instanceof HarnessError)) return EXIT.pass
    throw error
  } finally {
    unsubscribe()
    if (out !== undefined && up) rmSync(targetFile, { force: true })
    rmSync(paths.directory, { recursive: true, force: true })
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
