/**
 * Checks one YAML file by what it is: a runbook has `steps`, a profile `keptAliveShare`, a split `total`, a target `systems`, a mapping `statuses`, a contract
 * profile `roles`, an issuer profile `paths`, a fixture of a conformance run `allow`, a file of behaviours `partners`.
 */
import { resolve } from 'node:path'
import { z } from 'zod'
import { Fixture } from '../../conform/fixture.ts'
import { InputError } from '../../contracts/error.ts'
import { BehavioursFile } from '../../contracts/partner-api/behaviours-file.ts'
import { IssuerProfile } from '../../contracts/partner-api/issuer-profile.ts'
import { loadMapping } from '../../cutover/migration/index.ts'
import { FLOW_IDS } from '../../scenarios/flows/index.ts'
import { readTarget } from '../target/load-target.ts'
import type { World } from '../world.ts'
import { checkProfile } from './check-profile.ts'
import { checkRunbookDocument } from './check-runbook.ts'
import { checkSplit } from './check-split.ts'
import type { Problems } from './collect.ts'
import { readContractProfile } from './contract-profile.ts'
import { findDocument, loadProfile, loadRunbook, loadSplit, shownPath } from './sources.ts'
import { parseYaml, readText } from './yaml-document.ts'

const KINDS = ['runbook', 'profile', 'split', 'target', 'mapping', 'contract profile', 'issuer profile', 'fixture', 'behaviours'] as const
type Kind = (typeof KINDS)[number]
const TELLING_KEY: Record<Kind, string> = {
  'runbook': 'steps', 'profile': 'keptAliveShare', 'split': 'total', 'target': 'systems', 'mapping': 'statuses', 'contract profile': 'roles', 'issuer profile': 'paths', 'fixture': 'allow',
  'behaviours': 'partners',
}

export function lintFile(world: World, nameOrPath: string, problems: Problems): Kind {
  const file = resolve(world.cwd, nameOrPath)
  const text = readText(file, 'file')
  const kind = kindOf(text, shownPath(world, file))
  LINT[kind](world, file, text, problems)
  return kind
}

const LINT: Record<Kind, (world: World, file: string, text: string, problems: Problems) => void> = {
  'runbook'(world, file, _text, problems) {
    const runbook = loadRunbook(world, file)
    problems.add(...checkRunbookDocument(runbook))
    const { load } = runbook.value
    problems.try(() => findDocument(world, 'profile', load.profile, runbook.place(['load', 'profile'])))
    problems.try(() => findDocument(world, 'split', load.split, runbook.place(['load', 'split'])))
  },
  'profile'(world, file, _text, problems) {
    const profile = loadProfile(world, file)
    problems.add(...checkProfile(profile.value, profile.place, FLOW_IDS, {}))
  },
  'split'(world, file, _text, problems) {
    const split = loadSplit(world, file)
    problems.add(...checkSplit(split.value, split.place))
  },
  // As with a fixture: whether secrets are set is asked when it is used.
  'target'(world, file, text) { readTarget(world, file, text) },
  'mapping'(world, file, text) { loadMapping(text, shownPath(world, file)) },
  'contract profile'(world, file) { readContractProfile(file, shownPath(world, file)) },
  'issuer profile'(world, file, text) { parseYaml(text, shownPath(world, file), IssuerProfile) },
  // Whether its secrets are set is asked when it is used.
  'fixture'(world, file, text) { parseYaml(text, shownPath(world, file), Fixture) },
  'behaviours'(world, file, text) { parseYaml(text, shownPath(world, file), BehavioursFile) },
}

function kindOf(text: string, shown: string): Kind {
  const keys = Object.keys(parseYaml(text, shown, z.looseObject({})).value)
  const kind = KINDS.find((candidate) => keys.includes(TELLING_KEY[candidate]))
  if (kind) return kind
  throw new InputError([{
    code: 'DOCUMENT_UNKNOWN', what: 'cannot tell what this file is', where: shown,
    mend: `give it the key of its kind: ${KINDS.map((candidate) => `${TELLING_KEY[candidate]} (${candidate})`).join(', ')}`,
  }])
}
