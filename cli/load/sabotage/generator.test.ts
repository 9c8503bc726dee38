/** Lies of the load generator, told by real k6 (and by what stands in for it): none may end in a pass, and each is called by its reason. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { k6Path, WHY_SKIPPED } from '../../../scenarios/playground/k6.ts'
import { json, tellLie, type Lie } from './lab.ts'

/** k6 reads another plan than the harness wrote. */
const WITH_PLAN = (expression: string) => `sed -E '${expression}' "$PLAN_FILE" > "$LAB/plan.json"; export PLAN_FILE="$LAB/plan.json"; exec "$K6" "$@"`
const AFTERWARDS = (command: string) => `"$K6" "$@"; code=$?; ${command}; exit $code`
const ASK_AND_LEAVE = `address="\${READY_URL#http://}"; exec 3<>"/dev/tcp/\${address%%:*}/$(echo "\${address#*:}" | cut -d/ -f1)"; printf 'GET /ready HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3 > "$LAB/answer"`
const HISTORY = `history=$(echo "$*" | sed -E 's/.*--console-output ([^ ]+).*/\\1/')`

type Row = Lie & { lie: string; because: RegExp; verdict?: 'fail' | 'inconclusive' }

const ROWS: Row[] = [
  { lie: 'k6 is killed in the middle', during: ({ processes }) => { process.kill(processes[0]!.pid, 'SIGKILL') }, because: /valid\.generator-ended: w1: exit code none, signal SIGKILL/ },
  { lie: 'k6 is stopped in the middle, in order', during: (load) => load.stop(), because: /valid\.planned-load: too few: sync-w1/ },
  { lie: 'k6 stands still for a while', during: async ({ processes }) => { process.kill(processes[0]!.pid, 'SIGSTOP'); await delay(3_500); process.kill(processes[0]!.pid, 'SIGCONT') }, because: /valid\.lateness: \d+ ms/ },
  { lie: 'a simulator that stands still while latencies are measured', plan: measuring('p95(dossier-sync) < 300ms'), during: standStillAgainAndAgain, because: /load\.p95\(dossier-sync\) < 300ms: .*saturated meanwhile: harness/ },
  { lie: 'a criterion for a flow that nobody plays', plan: measuring('errorRate(login) < 1%'), because: /load\.errorRate\(login\) < 1%: the plan plays nothing that it names/ },
  { lie: 'a criterion for more samples than there are', plan: measuring('p95(dossier-sync) < 5s min 500'), because: /load\.p95.*at least 500 are needed/ },
  { lie: 'a criterion against a baseline that is not there', plan: measuring('p95(dossier-sync) < 1.2x baseline'), because: /no baseline: results\/baselines\/small\.json/ },
  { lie: 'k6 hangs at its start', wrapper: 'exec sleep 600', startupTimeoutMs: 1_500, because: /K6_HUNG_AT_START.*valid\.planned-load/s },
  { lie: 'k6 ends with 0 before it asked', wrapper: 'exit 0', because: /K6_NOT_STARTED: k6 ended with code 0.*valid\.planned-load/s },
  { lie: 'k6 asks, ends with 0 and leaves nothing', wrapper: ASK_AND_LEAVE, because: /valid\.history-complete: w1: k6 counted nothing/ },
  { lie: 'k6 asks, ends with 0 and leaves an empty history', wrapper: `${HISTORY}; : > "$history"; ${ASK_AND_LEAVE}`, because: /valid\.planned-load: too few: sync-w1 0\/47/ },
  { lie: 'the disk is full for the history', wrapper: 'ulimit -f 8; exec "$K6" "$@"', because: /valid\.(generator-ended|history-complete|record-files-whole)/ },
  { lie: 'the history goes to a device that takes nothing', wrapper: `${HISTORY}; ln -s /dev/full "$history"; "$K6" "$@"; code=$?; rm "$history"; : > "$history"; exit $code`, because: /valid\.generator-ended: w1: 47 failed writes/ },
  { lie: 'half of the load', wrapper: WITH_PLAN('s/"count": 47/"count": 23/'), because: /valid\.planned-load: too few: sync-w1 23\/47/ },
  { lie: 'one virtual user where systems are slow', wrapper: WITH_PLAN('s/"(preAllocatedVUs|maxVUs)": [0-9]+/"\\1": 1/'), disturb: slow(400), because: /valid\.(planned-load|dropped-iterations)/ },
  { lie: 'the operations of another seed', wrapper: WITH_PLAN('s/"seed": 7/"seed": 8/'), because: /valid\.operations-derivable: 47 do not/ },
  { lie: 'a scenario that the plan does not know', wrapper: WITH_PLAN('s/"sync-w1"/"sync-w9"/'), because: /valid\.operations-derivable: 47 do not/ },
  { lie: 'no empty systems but an empty load', wrapper: WITH_PLAN('s/"count": [0-9]+/"count": 1/g'), because: /valid\.planned-load: too few: sync-w1/ },
  ...[99, 107, 108].map((code): Row => ({ lie: `k6 ends with ${code}`, wrapper: `"$K6" "$@"; exit ${code}`, because: new RegExp(`valid\\.generator-ended: w1: exit code ${code}`) })),
  { lie: 'counters that say more than the history', wrapper: AFTERWARDS(`sed -i -E 's/"history_lines":[0-9]+/"history_lines":48/' "$SUMMARY_FILE"`), because: /valid\.history-complete: w1: k6 counted 48, the history has 47 lines/ },
  { lie: 'no counters', wrapper: AFTERWARDS('rm "$SUMMARY_FILE"'), because: /valid\.history-complete: w1: k6 counted nothing/ },
  { lie: 'a history that somebody began before', wrapper: `${HISTORY}; echo '{"v":1,"op":"sync-w1.0.push.0000000000"}' > "$history"; exec "$K6" "$@"`, because: /valid\.operations-derivable: 1 do not/ },
  { lie: 'every worker plays everything', workers: 2, wrapper: `arguments=(); while [ $# -gt 0 ]; do case "$1" in --execution-segment*) shift 2;; *) arguments+=("$1"); shift;; esac; done; exec "$K6" "\${arguments[@]}"`, because: /valid\.operations-derivable: \d+ attempts are told twice/ },
  { lie: 'one of two workers plays nothing', workers: 2, wrapper: `if [ "$WORKER" = w2 ]; then ${ASK_AND_LEAVE}; exit 0; fi; exec "$K6" "$@"`, because: /valid\.planned-load: too few/ },
  { lie: 'a target that is not there', plan: (plan) => ({ ...plan, target: { ...plan.target, systems: plan.target.systems.map((system) => system.role === 'partner' ? { ...system, url: 'http://127.0.0.1:1' } : system) } }), because: /partner/ },
  { lie: 'a target that answers everything with 200 and nonsense', disturb: (_, response) => { json(response, 200, { hello: 'world' }); return true }, because: /partner/ },
  { lie: 'a target that answers everything with 500', disturb: (_, response) => { json(response, 500, { error: { code: 'BROKEN', message: 'broken' } }); return true }, because: /partner/ },
  { lie: 'a target that answers nothing', disturb: () => true, because: /partner/ },
  { lie: 'a target that says yes and stores nothing', disturb: (_, response) => { json(response, 201, { sync: 'acknowledged', portalStatus: 201, errorCode: null, message: null }); return true }, because: /class\.lost/, verdict: 'fail' },
]

function measuring(criterion: string): NonNullable<Lie['plan']> {
  return (plan) => ({ ...plan, profile: { ...plan.profile, criteria: [criterion], limits: { ...plan.profile.limits, judgeHeadroom: true } } })
}

/** The played systems live in this process. */
/** So that several samples fall into it: a single one among the many of a slow machine is not saturated. */
async function standStillAgainAndAgain(): Promise<void> {
  for (let times = 0; times < 4; times += 1) {
    for (const until = performance.now() + 700; performance.now() < until;);
    await delay(60)
  }
}

function slow(ms: number): NonNullable<Lie['disturb']> {
  return (_, response) => {
    setTimeout(() => json(response, 201, { sync: 'acknowledged', portalStatus: 201, errorCode: null, message: null }), ms)
    return true
  }
}

describe.skipIf(!k6Path)(`lies of the generator${k6Path ? '' : ` (skipped: ${WHY_SKIPPED})`}`, () => {
  let directory: string
  let throwing: string
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'own-flow-'))
    throwing = await bundleWith(join(directory, 'throwing.js'), `export const dossierSync = {
      id: 'dossier-sync', title: { vi: '', en: '' }, actor: 'partner', steps: [{ step: 'push', kind: 'sync.dossier' }], run() { throw new Error('a mistake in an own flow') } }`)
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  it.concurrent('the truth passes, with one generator and with two', async () => {
    for (const workers of [1, 2]) {
      const told = await tellLie({ workers })
      expect(reasons(told)).toBe('')
      told.remove()
    }
  })

  it.concurrent('every iteration throws', async () => {
    const told = await tellLie({ script: throwing })
    expect(told.verdict.verdict).not.toBe('pass')
    expect(reasons(told)).toMatch(/valid\.planned-load: too few: sync-w1 0\/47/)
    told.remove()
  })

  it.concurrent.each(ROWS)('$lie', async ({ lie: _, because, verdict, ...lie }) => {
    const told = await tellLie(lie)
    expect(['fail', 'inconclusive']).toContain(told.verdict.verdict)
    if (verdict) expect(told.verdict.verdict).toBe(verdict)
    expect(reasons(told)).toMatch(because)
    told.remove()
  })
})

/** The load's bundle with an own flow in the place of the one that pushes dossiers. */
async function bundleWith(outfile: string, flow: string): Promise<string> {
  await build({
    entryPoints: [join(import.meta.dirname, '../../../scenarios/main.ts')], outfile, bundle: true, format: 'esm', platform: 'neutral', mainFields: ['module', 'main'], target: 'es2017',
    supported: { 'bigint': true, 'object-rest-spread': true }, external: ['k6', 'k6/*'], logLevel: 'silent',
    plugins: [{ name: 'own flow', setup: (own) => { own.onLoad({ filter: /flows\/dossier-sync\.ts$/ }, () => ({ contents: flow, loader: 'ts' })) } }],
  })
  return outfile
}

function reasons({ verdict, error }: Awaited<ReturnType<typeof tellLie>>): string {
  return [...(error === null ? [] : [error]), ...verdict.criteria.filter((one) => one.status !== 'pass').map((one) => `${one.id}: ${one.observed}`)].join('\n')
}
