/**
 * The load profile: `scenarios/profiles/*.yaml`. Each scenario is an open model: `count` iterations spread evenly (or along a curve) between two times of
 * the window (scenario clock), each iteration a journey through flows. Rates in iterations per wall second follow from count and time scale; those of a
 * derived load (`volume`) are meant per wall second and do not change with the time scale.
 */
import { z } from 'zod'
import { ClockTime, Duration } from './duration.ts'
import { Slug } from './ids.ts'
import { Text } from './text.ts'

export const BOUND_NAMES = ['login', 'dossierSync', 'statusSync', 'payment', 'sms', 'receipt', 'feedback'] as const
export type BoundName = (typeof BOUND_NAMES)[number]

/** Convergence bounds on the scenario clock, by default the assumed ones of facts section 3. */
export const Bounds = z.strictObject({
  login: Duration.default('5m'),
  dossierSync: Duration.default('5m'),
  statusSync: Duration.default('10m'),
  payment: Duration.default('2m'),
  sms: Duration.default('5m'),
  receipt: Duration.default('10m'),
  feedback: Duration.default('10m'),
})

const Shares = z.record(Slug, z.number().min(0).max(1))

/** A curve's value at a clock time, as a multiple of its base; between two points the rate runs straight, at equal times it jumps. */
export const CurvePoint = z.strictObject({ at: ClockTime, times: z.number().min(0) })

export const ProfileScenario = z.strictObject({
  name: Slug,
  /** Flow ids in order; `tongduyet flows` lists them. */
  journey: z.array(Slug).min(1),
  actor: z.enum(['citizen', 'staff', 'partner']),
  phase: Slug,
  from: ClockTime,
  to: ClockTime,
  /** Iterations over the whole interval. For partners' pushes leave it out: the split gives it. */
  count: z.int().min(1).optional(),
  /** Partners' pushes: which wave of the split this scenario carries. */
  wave: z.int().min(1).optional(),
  /** The earlier scenario whose dossiers are looked up, reported on or handled. */
  dossiersOf: Slug.optional(),
  /** Only those of them to which this happens by their fate (`scenarios/cast/fate.ts`): `received`, `supplement`, `returned`, … Gives the count. */
  among: Slug.optional(),
  /** Its shape where the rate is not even: multiples of any base, first point at `from`, last at `to`. */
  curve: z.array(CurvePoint).min(2).optional(),
  /**
   * The share of iterations that go through an optional flow of the journey, e.g. `{ pay: 0.3 }`; 1 where not named. Beside flows: who acts (`foreigner`,
   * `company`), what is paid (`fine`, `social-insurance`), what happens to the dossier (`desk`, `refused`, `supplement`, …) and, for status-sync, `done`.
   */
  shares: Shares.default({}),
})
export type ProfileScenario = z.infer<typeof ProfileScenario>

export const Profile = z.strictObject({
  version: z.literal(1),
  name: Slug,
  title: Text,
  sources: z.array(z.string()).default([]),
  assumptions: z.array(Text).default([]),
  /** Replaces the runbook's where given. */
  timeScale: z.number().min(1).max(10_000).optional(),
  /** Dossiers of the split are multiplied by this (1 = as documented); smoke takes a fraction. At least one a partner. */
  splitScale: z.number().gt(0).max(100).default(1),
  /** On the old portal before the cutover; means nothing where there is none. */
  legacyDossiers: z.int().min(100).max(5_000_000).default(100),
  regions: Shares,
  /** Share of kept-alive connections; the rest resolves anew for every request (`Connection: close`). */
  keptAliveShare: z.number().min(0).max(1),
  bounds: Bounds.prefault({}),
  limits: z.strictObject({
    latenessMsP99: z.number().positive().default(500),
    minPlannedShare: z.number().min(0).max(1).default(0.95),
    minSamples: z.int().min(1).default(20),
    /** False: CPU and head-room are reported, not judged (shared CI runners). */
    judgeHeadroom: z.boolean().default(true),
  }).prefault({}),
  /** For a load without a cutover: its own hours of the scenario clock. The runbook's window where left out. */
  window: z.strictObject({ start: ClockTime, end: ClockTime }).optional(),
  /** Named, not overlapping intervals of the window that criteria speak of. */
  phases: z.array(z.strictObject({ name: Slug, from: ClockTime, to: ClockTime })).default([]),
  /**
   * Load derived from published figures (facts section 3) instead of counts: dossiers a wall second = the basis' rate × multiplier × curve, and from them
   * each flow's rate by the mix. `tongduyet load --explain` prints the derivation.
   */
  volume: z.strictObject({
    /** `observed`: counted at the portal; `central`: ministries' systems without Public Security; `national`: the upper bound with it. */
    basis: z.enum(['observed', 'central', 'national']),
    /** Share of Public Security's own volume that crosses the portal. */
    publicSecurityShare: z.number().min(0).max(1).default(1),
    multiplier: z.number().positive().default(1),
    /** Share of a day's dossiers in its peak hour; curve values are multiples of that hour's rate, and over a whole day they must sum to it. */
    peakHourShare: z.number().gt(0).max(1).default(0.15),
    curve: z.array(CurvePoint).min(2),
    /** Name of a file in scenarios/mixes/. */
    mix: z.string(),
  }).optional(),
  /** Criteria of the load (`contracts/load-criterion.ts`): `p95(submit) < 800ms for 30s`. */
  criteria: z.array(z.string()).default([]),
  scenarios: z.array(ProfileScenario).default([]),
})
export type Profile = z.infer<typeof Profile>
export type ProfileInput = z.input<typeof Profile>
