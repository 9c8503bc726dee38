/**
 * Writes everything that plays a plan on Kubernetes with k6-operator into a directory: manifests, the run folder that the judge reads afterwards, and a
 * README. Starts nothing. InputError where the plan's target has addresses that only this machine knows, or the directory holds something already.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { InputError, type Problem } from '../../contracts/error.ts'
import type { Plan } from '../../contracts/plan.ts'
import { bundleScenarios } from '../bundle.ts'
import { urlParts } from '../url-parts.ts'
import { manifestsOf } from './manifests.ts'
import { readmeOf } from './readme.ts'

export type EmitOptions = {
  plan: Plan
  /** Is made; must not hold anything. */
  directory: string
  namespace?: string
  image?: string
}

const IMAGE = 'grafana/k6:1.8.1'
const NAMESPACE = 'tongduyet'

/** The files written, in the order in which they are applied. */
export async function emitK8s({ plan, directory, namespace = NAMESPACE, image = IMAGE }: EmitOptions): Promise<string[]> {
  const problems = [...unreachableFromPods(plan), ...inTheWay(directory)]
  if (problems.length > 0) throw new InputError(problems)
  const name = nameOf(plan.runId)
  const script = await smallBundle()
  const { namespace: own, script: scripts, plan: plans, testRun } = manifestsOf({ name, namespace, image, script, plan })
  mkdirSync(join(directory, 'run'), { recursive: true })
  const list = (items: readonly object[]) => `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items })}\n`
  const files: [string, string][] = [
    ['00-namespace.yaml', stringify(own)],
    ['10-script.json', list(scripts)],
    ['11-plan.json', list(plans)],
    ['20-testrun.yaml', stringify(testRun, { lineWidth: 0 })],
    ['run/plan.json', `${JSON.stringify(plan, null, 2)}\n`],
    ['README.md', readmeOf({ name, namespace, image, plan })],
  ]
  for (const [file, text] of files) writeFileSync(join(directory, file), text, { flag: 'wx' })
  return files.map(([file]) => file)
}

/** The operator makes services of it, whose names begin with a letter and are short. */
export function nameOf(runId: string): string {
  return `tongduyet-${runId.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.slice(0, 45).replaceAll(/-+$/g, '')
}

async function smallBundle(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'tongduyet-emit-'))
  try {
    const { file } = await bundleScenarios(join(directory, 'scenarios.js'), { small: true })
    return readFileSync(file, 'utf8')
  } finally { rmSync(directory, { recursive: true, force: true }) }
}

function unreachableFromPods({ target }: Plan): Problem[] {
  const addresses = [
    ...target.regions.map(({ id, gateway }) => ({ what: `the gateway of region "${id}"`, url: gateway })),
    ...target.systems.flatMap(({ id, url }) => (url === undefined ? [] : [{ what: `system "${id}"`, url }])),
  ]
  const here = addresses.filter(({ url }) => /^(127\.|localhost$|\[?::1\]?$|0\.0\.0\.0$)/.test(urlParts(url)?.host ?? ''))
  if (here.length === 0) return []
  const more = here.length > 1 ? ` and ${here.length - 1} more` : ''
  return [{
    code: 'EMIT_TARGET_LOOPBACK', what: `target "${target.name}" is on this machine alone: ${here[0]!.what} is ${here[0]!.url}${more}`, where: '--target',
    mend: 'give a target file with addresses that pods can reach; the embedded stack has none',
  }]
}

function inTheWay(directory: string): Problem[] {
  let entries: string[]
  try { entries = readdirSync(directory) } catch { return [] }
  if (entries.length === 0) return []
  return [{ code: 'OUT_NOT_WRITABLE', what: `"${directory}" holds ${entries.length} entries already`, where: '--emit', mend: 'give a folder that is empty or not there' }]
}
