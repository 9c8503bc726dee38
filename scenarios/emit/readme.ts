/** The README beside the manifests: how to start, how to bring the pods' logs home, how to judge them, and what can go wrong on the way. */
import type { Plan } from '../../contracts/plan.ts'

export type ReadmeOptions = { name: string; namespace: string; image: string; plan: Plan }

export function readmeOf({ name, namespace, image, plan }: ReadmeOptions): string {
  const iterations = plan.scenarios.reduce((sum, { count }) => sum + count, 0)
  const lines = plan.scenarios.reduce((sum, { count, steps }) => sum + count * steps.length, 0)
  return `# ${name}

Plays profile \`${plan.profile.name}\` (seed ${plan.seed}, plan ${plan.planHash.slice(0, 12)}) against target \`${plan.target.name}\`:
${iterations} iterations in ${Math.round(plan.durationMs / 1_000)} s, shared by ${plan.workers.length} pods of ${image}. Needs k6-operator in the cluster.

## Start

Server-side, because a ConfigMap with the script is longer than the annotation that a plain \`kubectl apply\` writes:

    kubectl apply --server-side -f 00-namespace.yaml -f 10-script.json -f 11-plan.json
    kubectl apply --server-side -f 20-testrun.yaml

## Bring the histories home

Each pod writes its history to its log, at most ${lines} lines together, about 600 bytes each. A node keeps a limited log for each container
(\`containerLogMaxSize\`, 10 MiB by default): follow the logs from the start, or raise it. A log that lost lines is found out: each pod counts its own.

    mkdir -p logs
    for pod in $(kubectl -n ${namespace} get pods -l k6_cr=${name},runner=true -o name); do
      kubectl -n ${namespace} logs -f "$pod" > "logs/\${pod#pod/}.log" &
    done; wait
    kubectl -n ${namespace} get pods -l k6_cr=${name},runner=true -o json > logs/pods.json

\`pods.json\` holds how each k6 ended; without it nobody knows, and the verdict is inconclusive.

## Judge

    tongduyet judge run --pods logs

makes \`run/history/w1.ndjson\` … \`w${plan.workers.length}.ndjson\` of the logs, each with its trailer, and judges them as one run. What the systems
themselves hold (\`run/evidence/\`) is read from the target; criteria about it are inconclusive as long as it is not there.

k6-operator merges neither thresholds nor summaries; there are none here. Percentiles are computed over all lines of all pods.
`
}
