/**
 * The load profile: `scenarios/profiles/*.yaml`. Each scenario is an open model: `count` iterations spread evenly between two times of the
 * window (scenario clock), each iteration a journey through flows. Rates in iterations per wall second follow from count and time scale.
 */
import { z } from 'zod'
import { ClockTime, Duration } from './duration.ts'
import { Slug } from './ids.ts'
import { Text } from './text.ts'

export const BOUND_NAMES = ['login', 'dossierSync', 'statusSync', 'payment', 'sms', 'receipt'] as const
export type BoundName = (typeof BOUND_NAMES)[number]

/** Convergence bounds on the scenario clock, by default the assumed ones of facts section 3. */
export const Bounds = z.strictObject({
  login: Duration.default('5m'),
  dossierSync: Duration.default('5m'),
  statusSync: Duration.default('10m'),
  payment: Duration.default('2m'),
  sms: Duration.default('5m'),
  receipt: Duration.default('10m'),
})

const Shares = z.record(Slug, z.number().min(0).max(1))

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
  /** Status pushes: the scenario whose dossiers are reported on. */
  dossiersOf: Slug.optional(),
  /** The share of iterations that go through an optional flow of the journey, e.g. `{ pay: 0.3 }`; 1 where not named. */
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
  legacyDossiers: z.int().min(100).max(5_000_000),
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
  scenarios: z.array(ProfileScenario).min(1),
})
export type Profile = z.infer<typeof Profile>
export type ProfileInput = z.input<typeof Profile>
