/**
 * `npm run bench [-- judge history flows smoke default mocks load soak containers]`: measures what the product promises and prints one JSON document with ratios from one run
 * (machines are shared and noisy: compare ratios, not seconds). Nothing here passes or fails. Progress goes to stderr.
 */
import { availableParallelism, cpus } from 'node:os'
import { realWorld } from '../cli/world.ts'
import { measureSpeed } from '../cli/rehearse/capacity.ts'
import { benchMocks } from '../mocks/bench/index.ts'
import { benchJudge } from '../results/judge/bench.ts'
import { benchFlows } from '../scenarios/bench-flows.ts'
import { benchHistory } from '../scenarios/bench.ts'
import { benchContainers } from './bench-containers.ts'
import { benchLoad, benchSoak } from './bench-load.ts'
import { benchRehearsal } from './bench-rehearsal.ts'

const world = realWorld()

const BENCHES: Record<string, () => Promise<unknown>> = {
  judge: () => benchJudge(),
  history: () => benchHistory(k6Path()),
  flows: () => benchFlows(k6Path()),
  smoke: () => benchRehearsal(world, 'smoke', { wallMs: 45_000 }),
  default: () => benchRehearsal(world, undefined, { wallMs: 240_000 }),
  mocks: () => benchMocks(),
  load: () => benchLoad(world),
  soak: () => benchSoak(world),
  containers: () => benchContainers(world),
}

function k6Path(): string {
  const k6 = world.findK6()
  if (!k6) throw new Error('no k6')
  return k6.path
}

const wished = process.argv.slice(2)
const unknown = wished.filter((name) => !(name in BENCHES))
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')} · use any of: ${Object.keys(BENCHES).join(', ')}`)
  process.exitCode = 254
} else {
  const results: Record<string, unknown> = {}
  for (const name of wished.length > 0 ? wished : Object.keys(BENCHES)) {
    console.error(`bench: ${name}`)
    results[name] = await BENCHES[name]!()
  }
  console.log(JSON.stringify({ v: 1, machine: { cores: availableParallelism(), model: cpus()[0]?.model, roundsPerMs: Math.round(measureSpeed() * 10) / 10 }, ...results }, null, 2))
}
