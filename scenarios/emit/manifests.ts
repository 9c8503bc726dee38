/**
 * What Kubernetes needs to play a load with k6-operator: a namespace, the script and the plan as ConfigMaps, and a TestRun. The operator gives each of
 * `parallelism` pods an equal execution segment; each writes its history to its log (raw lines), and its counters at the end.
 */
import type { Plan } from '../../contracts/plan.ts'
import { packFile, type ConfigMap, type Meta } from './config-maps.ts'

export type Manifests = { namespace: object; script: ConfigMap[]; plan: ConfigMap[]; testRun: object }
export type ManifestOptions = { name: string; namespace: string; image: string; script: string; plan: Plan; maxBytes?: number }

const SCRIPT = 'scenarios.js'
const PLAN = 'load.json'
const PLAN_DIRECTORY = '/tongduyet/plan'
const SCRIPT_DIRECTORY = '/tongduyet/script'
const PARTS_DIRECTORY = '/tongduyet/parts'
/** Of a pod, beside its virtual users (about 1 MB each; twice that while they grow). */
const BASE_MEMORY_MIB = 256

export function manifestsOf({ name, namespace, image, script, plan, maxBytes }: ManifestOptions): Manifests {
  const labels = { 'app.kubernetes.io/name': 'tongduyet', 'app.kubernetes.io/instance': name }
  const meta = (part: string): Meta => ({ name: part === '' ? name : `${name}-${part}`, namespace, labels })
  const packedScript = packFile(SCRIPT, script, meta('script'), maxBytes)
  const packedPlan = packFile(PLAN, loadOf(plan), meta('plan'), maxBytes)
  const files = [{ file: SCRIPT, directory: SCRIPT_DIRECTORY, ...packedScript }, { file: PLAN, directory: PLAN_DIRECTORY, ...packedPlan }]
  const pod = {
    image, ...volumesOf(files), ...initContainersOf(files, image),
    resources: { requests: { cpu: '1', memory: `${memoryMiB(plan)}Mi` } },
    env: [{ name: 'K6_NO_USAGE_REPORT', value: 'true' }, { name: 'K6_AUTO_EXTENSION_RESOLUTION', value: 'false' }],
  }
  return {
    namespace: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
    script: packedScript.configMaps, plan: packedPlan.configMaps,
    testRun: {
      apiVersion: 'k6.io/v1alpha1', kind: 'TestRun', metadata: meta(''),
      spec: {
        parallelism: plan.workers.length,
        script: { localFile: `${SCRIPT_DIRECTORY}/${SCRIPT}` },
        arguments: ARGUMENTS.join(' '),
        runner: pod,
        // The operator looks at the script before it starts the runners: it needs the same files.
        initializer: { image, ...volumesOf(files), ...initContainersOf(files, image) },
      },
    },
  }
}

/** Given to every k6 of the test run, also to the one that only looks at the script: it takes no variables from its surroundings. */
export const ARGUMENTS: readonly string[] = ['--log-format=raw', '--log-output=stdout', '-e', `PLAN_FILE=${PLAN_DIRECTORY}/${PLAN}`, '-e', 'SUMMARY_FILE=stdout', '-e', 'HISTORY=on']

/** Only what the load is generated from (`load-plan.ts`): criteria and assumptions stay at home, with the judge. */
function loadOf({ seed, runbook, profile, target, scenarios, planHash }: Plan): string {
  return JSON.stringify({ seed, runbook: { window: runbook.window }, profile: { regions: profile.regions, keptAliveShare: profile.keptAliveShare }, target, scenarios, planHash })
}

type Packed = { file: string; directory: string; configMaps: ConfigMap[]; compressed: boolean }

function volumesOf(files: readonly Packed[]) {
  const volumes = files.flatMap(({ file, configMaps, compressed }): object[] => compressed
    ? [{ name: volumeName(file), emptyDir: {} }, { name: `${volumeName(file)}-parts`, projected: { sources: configMaps.map(({ metadata }) => ({ configMap: { name: metadata.name } })) } }]
    : [{ name: volumeName(file), configMap: { name: configMaps[0]!.metadata.name } }])
  return { volumes, volumeMounts: files.map(({ file, directory }) => ({ name: volumeName(file), mountPath: directory })) }
}

function initContainersOf(files: readonly Packed[], image: string) {
  const initContainers = files.filter(({ compressed }) => compressed).map(({ file, directory }) => ({
    name: `unpack-${volumeName(file)}`, image, command: ['sh', '-c', `cat ${PARTS_DIRECTORY}/${file}.gz.* | gzip -d > ${directory}/${file}`],
    volumeMounts: [{ name: volumeName(file), mountPath: directory }, { name: `${volumeName(file)}-parts`, mountPath: PARTS_DIRECTORY }],
  }))
  return initContainers.length > 0 ? { initContainers } : {}
}

function volumeName(file: string): string { return file.split('.')[0]! }

function memoryMiB({ scenarios, workers }: Plan): number {
  return BASE_MEMORY_MIB + 2 * Math.ceil(scenarios.reduce((sum, { maxVUs }) => sum + maxVUs, 0) / workers.length)
}
