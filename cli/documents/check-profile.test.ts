import { describe, expect, test } from 'vitest'
import { formatProblem, InputError } from '../../contracts/error.ts'
import { Profile } from '../../contracts/profile.ts'
import { FLOW_IDS } from '../../scenarios/flows/index.ts'
import { checkProfile } from './check-profile.ts'
import { parseYaml } from './yaml-document.ts'

const VOLUME = `version: 1
name: mine
title: { vi: thử, en: test }
regions: { north: 0.45, central: 0.2, south: 0.35 }
keptAliveShare: 0.6
timeScale: 30
window: { start: "08:50", end: "10:20" }
phases:
  - { name: warm-up, from: "08:55", to: "09:00" }
  - { name: peak, from: "09:00", to: "10:00" }
volume:
  basis: national
  curve: [{ at: "08:55", times: 0 }, { at: "09:00", times: 1 }, { at: "10:00", times: 1 }]
  mix: national
criteria:
  - "p95(submit) < 800ms in peak"
scenarios:
  - { name: extra, journey: [login, find-service], actor: citizen, phase: peak, from: "09:00", to: "09:30", count: 10, curve: [{ at: "09:00", times: 0 }, { at: "09:30", times: 1 }] }
  - { name: extra-look, journey: [login, read-dossier], actor: citizen, phase: peak, from: "09:30", to: "09:40", dossiersOf: citizens, among: finished }
`
const DAY = VOLUME.replace('"08:50", end: "10:20"', '"00:00", end: "23:59"')

function problemsOf(text: string): string[] {
  try {
    const { value, place } = parseYaml(text, 'mine.yaml', Profile)
    return checkProfile(value, place, FLOW_IDS, {}).map(formatProblem)
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(formatProblem)
    throw error
  }
}
const damaged = (from: string | RegExp, to: string, text = VOLUME) => {
  expect(text.replace(from, to)).not.toBe(text)
  return problemsOf(text.replace(from, to))
}

test('nothing is wrong with what is right', () => { expect(problemsOf(VOLUME)).toEqual([]) })

describe('each mistake is named with line and column', () => {
  test.each<[string, string | RegExp, string, RegExp]>([
    ['a rate below zero', 'times: 0 }, { at: "09:00", times: 1', 'times: -1 }, { at: "09:00", times: 1', /^VALUE_INVALID: volume\.curve\[0\]\.times is -1 · mine\.yaml:13:\d+/],
    ['phases that overlap', 'warm-up, from: "08:55", to: "09:00"', 'warm-up, from: "08:55", to: "09:10"', /^PHASES_OVERLAP: phase "peak", 09:00 to 10:00, overlaps phase "warm-up", 08:55 to 09:10 · mine\.yaml:10:\d+ phases\[1\]\.from · let one end where the other begins/],
    ['a phase outside the window', 'to: "10:00" }\nvolume', 'to: "11:00" }\nvolume', /^TIMES_OUTSIDE_WINDOW: phase "peak", 09:00 to 11:00, does not lie inside the window 08:50 to 10:20 · mine\.yaml:10:\d+/],
    ['a phase that stands twice', 'name: warm-up', 'name: peak', /^NAME_TWICE: phase "peak" stands twice · mine\.yaml:10:\d+/],
    ['a curve outside the window', '"10:00", times: 1 }]\n  mix', '"10:30", times: 1 }]\n  mix', /^TIMES_OUTSIDE_WINDOW: 10:30 does not lie inside the window 08:50 to 10:20 · mine\.yaml:13:\d+ volume\.curve\[2\]\.at/],
    ['a curve out of order', '{ at: "08:55", times: 0 }, { at: "09:00", times: 1 }', '{ at: "09:00", times: 0 }, { at: "08:55", times: 1 }', /^CURVE_INVALID: 08:55 comes before 09:00 · mine\.yaml:13:\d+ volume\.curve\[1\]\.at/],
    ['a curve without length', 'curve: [{ at: "08:55", times: 0 }, { at: "09:00", times: 1 }, { at: "10:00", times: 1 }]', 'curve: [{ at: "09:00", times: 0 }, { at: "09:00", times: 1 }]', /^CURVE_INVALID: the curve has no length · mine\.yaml:13:\d+/],
    ['a curve of nothing', 'times: 1 }, { at: "10:00", times: 1 }]\n', 'times: 0 }, { at: "10:00", times: 0 }]\n', /^CURVE_INVALID: the curve is zero throughout · mine\.yaml:13:\d+/],
    ['an unknown mix', 'mix: national', 'mix: nationl', /^MIX_UNKNOWN: mix "nationl" is not known · mine\.yaml:14:\d+ volume\.mix · did you mean "national"\?/],
    ['an unknown basis', 'basis: national', 'basis: nation', /^VALUE_INVALID: volume\.basis is "nation" · mine\.yaml:12:\d+ volume\.basis · did you mean "national"\?/],
    ['a share of Public Security above one', 'basis: national', 'basis: national\n  publicSecurityShare: 1.5', /^VALUE_INVALID: volume\.publicSecurityShare is 1\.5 · mine\.yaml:13:\d+/],
    ['an unknown flow', '[login, find-service]', '[login, find-servce]', /^FLOW_UNKNOWN: flow "find-servce" is not known · mine\.yaml:18:\d+ scenarios\[0\]\.journey\[1\] · did you mean "find-service"\?/],
    ['an unknown fate', 'among: finished', 'among: finishd', /^FATE_UNKNOWN: among names "finishd".* · mine\.yaml:19:\d+ scenarios\[1\]\.among · did you mean "finished"\?/],
    ['dossiers of nobody', 'dossiersOf: citizens', 'dossiersOf: citizen', /^SCENARIO_UNKNOWN: .*"citizen".*did you mean "citizens"\?/],
    ['a name that the derivation has taken', 'name: extra,', 'name: sync,', /^NAME_TWICE: scenario "sync" stands twice · mine\.yaml:18:\d+/],
    ['a share of nothing', 'count: 10,', 'count: 10, shares: { suplement: 0.1 },', /^SHARE_WITHOUT_FLOW: a share is given for "suplement".*did you mean "supplement"\?/],
    ['a scenario\'s curve that ends elsewhere', '"09:30", times: 1 }]', '"09:20", times: 1 }]', /^CURVE_INVALID: the curve runs from 09:00 to 09:20, its scenario from 09:00 to 09:30 · mine\.yaml:18:\d+/],
    ['an unknown function in a criterion', 'p95(submit)', 'p59(submit)', /^CRITERION_SYNTAX: "p59\(submit\) < 800ms in peak", column 1: function "p59" is not known · mine\.yaml:16:\d+ criteria\[0\]/],
    ['an unknown flow in a criterion', 'p95(submit)', 'p95(sumbit)', /^CRITERION_SYNTAX: .*column 5: .*"sumbit".*did you mean "submit"\?/],
    ['an unknown phase in a criterion', 'in peak"', 'in peek"', /^CRITERION_SYNTAX: .*"peek".*did you mean "peak"\?/],
    ['a unit that does not fit', '< 800ms in', '< 800% in', /^CRITERION_SYNTAX: .*mine\.yaml:16:\d+/],
    ['regions that do not add up', 'north: 0.45', 'north: 0.5', /^SHARES_DO_NOT_ADD_UP/],
  ])('%s', (_, from, to, expected) => {
    const problems = damaged(from, to)
    expect(problems.filter((problem) => expected.test(problem)), problems.join('\n')).toHaveLength(1)
  })

  test('a curve that does not sum to its day, with the value that would', () => {
    const problems = damaged(/curve: \[\{ at: "08:55".*\n/, 'curve: [{ at: "01:00", times: 0.1 }, { at: "09:00", times: 1 }, { at: "20:00", times: 0.1 }]\n', DAY)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^CURVE_NOT_A_DAY: the curve covers 19 hours and sums to 10\.450 peak hours; with 0\.15 of the day in its peak hour a day has 6\.667 · mine\.yaml:13:\d+ .*set peakHourShare to 0\.0957$/)
    expect(damaged(/curve: \[\{ at: "08:55".*\n/, 'peakHourShare: 0.0957\n  curve: [{ at: "01:00", times: 0.1 }, { at: "09:00", times: 1 }, { at: "20:00", times: 0.1 }]\n', DAY)).toEqual([])
  })

  test('a profile of nothing', () => {
    expect(problemsOf(VOLUME.slice(0, VOLUME.indexOf('window:')))).toEqual([expect.stringMatching(/^PROFILE_EMPTY: profile "mine" has neither scenarios nor a volume/)])
  })

  test('all of them at once', () => {
    const text = VOLUME.replace('to: "09:00" }', 'to: "09:10" }').replace('mix: national', 'mix: x').replace('in peak"', 'in peek"').replace('[login, find-service]', '[login, fly]')
    expect(problemsOf(text).map((problem) => problem.split(':')[0]).toSorted()).toEqual(['CRITERION_SYNTAX', 'FLOW_UNKNOWN', 'MIX_UNKNOWN', 'PHASES_OVERLAP'])
  })
})
