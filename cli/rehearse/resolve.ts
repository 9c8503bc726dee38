/**
 * From what the operator typed to everything that is decided before the start: runbook, profile, split, faults, time scale, scenarios.
 * All problems of all documents are reported together; nothing has been started yet. A load without a cutover takes its hours from the profile.
 */
import { Problems } from '../documents/collect.ts'
import { checkProfile } from '../documents/check-profile.ts'
import { checkRunbookDocument } from '../documents/check-runbook.ts'
import { checkSplit } from '../documents/check-split.ts'
import { findDocument, fromAnywhere, loadProfile, loadRunbook, loadSplit } from '../documents/sources.ts'
import type { PlatformFeature } from '../../contracts/platform.ts'
import type { Profile } from '../../contracts/profile.ts'
import type { Runbook } from '../../contracts/runbook.ts'
import type { Text } from '../../contracts/text.ts'
import { parseFault, type PlannedFault } from '../../cutover/faults/index.ts'
import { FLOW_IDS } from '../../scenarios/flows/index.ts'
import { derivedAssumptions } from '../../scenarios/derive/explain.ts'
import { CONTAINERS_FEATURES } from '../../stack/containers/platform/features.ts'
import { withMultiplier } from '../../scenarios/derive/multiplier.ts'
import { planScenarios, type PlannedLoad } from '../../scenarios/plan.ts'
import { fitProblems } from '../target/fit.ts'
import { loadTarget, type LoadedTarget } from '../target/load-target.ts'
import { isByName } from '../target/regional-entries.ts'
import { partnersThere } from '../target/partners-there.ts'
import type { HandLines } from '../hand-tests/hand-lines.ts'
import type { World } from '../world.ts'

/** How the system under test is run. */
export const OWN_STACKS = ['embedded', 'containers'] as const
export type OwnStack = (typeof OWN_STACKS)[number]
export type TargetKind = OwnStack | 'file'

/** What can be done to the parts of each. */
const PLATFORMS: Record<TargetKind, readonly PlatformFeature[]> = { embedded: [], containers: CONTAINERS_FEATURES, file: [] }

export type Wish = {
  target: TargetKind
  /** Path of the target file, with target `file`. */
  targetFile?: string
  runbook: string; profile?: string; faults: readonly string[]; seed: number; timeScale?: number; multiplier?: number; workers?: number
}

export type Resolved = PlannedLoad & {
  targetKind: TargetKind
  /** What stands there already and is not opened here. */
  foreign?: LoadedTarget
  /** False where the runbook holds a load: the new portal alone is there. */
  cutover: boolean
  runbook: Runbook
  profile: Profile
  faults: PlannedFault[]
  seed: number
  timeScale: number
  scenarioStartMs: number
  workers: number
  assumptions: Text[]
  /** What people tested by hand, as lines of a history. */
  handTests?: HandLines
}

/**
 * In containers the TTLs of resolvers are real seconds, 1 to 5, and steps wait for real servers: in a night that is shorter than a minute they would come late, whatever the
 * system under test does. A time scale that the operator gives is taken as it is.
 */
export const LARGEST_TIME_SCALE: Record<TargetKind, number> = { embedded: Infinity, containers: 400, file: Infinity }

const HANOI_OFFSET = '+07:00'

export function resolveWish(world: World, wish: Wish): Resolved {
  const problems = new Problems()
  const runbook = problems.try(() => loadRunbook(world, findDocument(world, 'runbook', wish.runbook, 'runbook')))
  if (runbook) problems.add(...checkRunbookDocument(runbook))
  const cutover = !runbook?.value.steps.some((entry) => 'do' in entry && 'load.hold' in entry.do)
  const { targetFile } = wish
  const foreign = targetFile === undefined ? undefined : problems.try(() => loadTarget(world, targetFile))
  const faults = wish.faults.map((text) => problems.try(() => parseFault(text, { cutover, platform: PLATFORMS[wish.target] })))
  const profile = problems.try(() => {
    const prepared = foreign?.value.prepared
    const [name, where] = wish.profile !== undefined ? [wish.profile, '--profile']
      : prepared?.runbook === fromAnywhere(world, wish.runbook) ? [prepared.profile, foreign!.place(['prepared', 'profile'])]
      : runbook ? [runbook.value.load.profile, runbook.place(['load', 'profile'])] : []
    if (name === undefined || where === undefined) return undefined
    const loaded = loadProfile(world, findDocument(world, 'profile', name, where))
    return wish.multiplier === undefined ? loaded : { ...loaded, value: withMultiplier(loaded.value, wish.multiplier) }
  })
  const split = runbook && problems.try(() => loadSplit(world, findDocument(world, 'split', runbook.value.load.split, runbook.place(['load', 'split']))))
  if (split) problems.add(...checkSplit(split.value, split.place))
  const window = runbook && (cutover ? runbook.value.window : { ...runbook.value.window, ...profile?.value.window })
  if (profile) {
    problems.add(...checkProfile(profile.value, profile.place, FLOW_IDS, { ...(window && { window }), ...(split && { split: split.value }) }))
  }
  if ((wish.workers ?? 1) > 1 && (wish.target === 'containers' || foreign?.value.regions.some((region) => isByName(foreign.value, region)))) {
    const where = wish.target === 'containers' ? 'in containers' : 'where citizens reach the portal by its name'
    problems.add({ code: 'WORKERS_PLACED', what: `${wish.workers} k6 processes are asked for, but ${where} each region has its own and everybody else another`, where: '--workers', mend: 'leave --workers out, or use --target embedded' })
  }
  problems.throwIfAny()
  if (!runbook || !profile || !split || !window) throw new Error('a document is missing without a problem being named')

  // What nobody asked for by name gives way to what the clocks of the target can follow.
  const followed = foreign ? foreign.value.timeScale ?? 1 : cutover ? LARGEST_TIME_SCALE[wish.target] : Infinity
  const timeScale = wish.timeScale ?? Math.min(profile.value.timeScale ?? window.timeScale, followed)
  const workers = wish.workers ?? 1
  const planned = planScenarios({
    profile: profile.value, window, timeScale, split: split.value, unfinished: runbook.value.unfinished, seed: wish.seed, workers, ...(foreign && { partners: partnersThere(foreign.value) }),
  })
  const chosen = faults.filter((fault) => fault !== undefined)
  if (foreign) {
    problems.add(...fitProblems({
      target: foreign.value, shown: foreign.shown, runbook: runbook.value, cutover, profile: profile.value, scenarios: planned.scenarios, faults: chosen, timeScale, durationMs: planned.durationMs, nowMs: world.nowMs(),
    }))
    problems.throwIfAny()
  }
  return {
    targetKind: wish.target, ...(foreign && { foreign }), cutover, runbook: { ...runbook.value, window }, profile: profile.value, faults: chosen, seed: wish.seed, timeScale, workers,
    scenarioStartMs: Date.parse(`${window.date}T${window.start}:00${HANOI_OFFSET}`),
    ...planned,
    assumptions: [...runbook.value.assumptions, ...(profile.value.volume ? [] : [split.value.assumption]), ...profile.value.assumptions, ...derivedAssumptions(planned.derivation)],
  }
}
