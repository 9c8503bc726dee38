/**
 * `tongduyet load`: the load of a profile on the new portal, without a cutover, with the same stack, judge and exit codes as `rehearse`.
 * `--explain` prints how each rate was derived, `--emit k8s DIR` writes the same load for k6-operator; neither starts anything.
 */
import { resolve } from 'node:path'
import { languageOf } from '../language.ts'
import { load as runLoad } from '../load/index.ts'
import { runsDirectory } from '../run-directory.ts'
import { LANGUAGE_OPTION, repeated, type CommandDefinition } from './command.ts'
import { DEFAULT_SEED, multiplierOf, targetWish, timeScaleOf, wholeNumber, workersOf } from './run-options.ts'

type Options = {
  target: string; profile: string; workers: string; multiplier?: string; fault: string[]; seed: string; timeScale?: string; out?: string; lang: string
  explain?: boolean; emit?: string[]; json?: boolean
}

const DEFAULT_PROFILE = 'peak-hour'

export const load: CommandDefinition = {
  register(program, act) {
    program.command('load')
      .description('put the load of a profile on the stack, without a cutover, and give a verdict')
      .option('--profile <name|file>', 'load profile', DEFAULT_PROFILE)
      .option('--target <embedded|containers|FILE>', 'the system under test', 'embedded')
      .option('--workers <n>', 'k6 processes that share the load', '1')
      .option('--multiplier <x>', 'multiple of the derived rates (default: the profile\'s)')
      .option('--fault <id[:k=v,…]>', 'plant an incident or a disturbance (repeatable; see: tongduyet incidents)', repeated, [])
      .option('--seed <n>', 'the same seed gives the same people, dossiers and draws', DEFAULT_SEED)
      .option('--time-scale <x>', 'scenario seconds in a wall second: shortens the day\'s waits, not the rates (default: the profile\'s)')
      .option('--out <dir>', 'run folder goes to DIR/<run-id>/ (default: results/runs)')
      .option('--explain', 'print how each rate was derived, and start nothing')
      .option('--emit <k8s dir...>', 'write what runs the same load on Kubernetes with k6-operator, and start nothing')
      .option(...LANGUAGE_OPTION)
      .option('--json', 'print outcome.json and where the records are; with --explain the derivation')
      .addHelpText('after', `
Examples:
  tongduyet load                                  the country's peak hour, all 13 flows, about three minutes
  tongduyet load --explain                        how each rate follows from published figures and assumptions
  tongduyet load --profile surge --fault overload the judge has to find it from evidence alone
  tongduyet load --profile national --multiplier 6 --workers 3
  tongduyet load --profile my-profile.yaml --emit k8s ./manifests --target my-staging.yaml

Exit codes: 0 pass · 1 fail · 2 inconclusive · 130 interrupted, undone · 254 bad input, nothing started · 255 fault of the harness
`)
      .action(async (options: Options) => act(async (world) => {
        return runLoad(world, {
          wish: {
            // What is written for Kubernetes aims at the target that `--target` names; it is not opened here.
            ...options.emit === undefined ? targetWish(options.target) : { target: 'embedded' as const }, runbook: 'load', profile: options.profile, faults: options.fault, seed: wholeNumber(options.seed, '--seed'), workers: workersOf(options.workers),
            ...(options.multiplier !== undefined && { multiplier: multiplierOf(options.multiplier) }),
            ...(options.timeScale !== undefined && { timeScale: timeScaleOf(options.timeScale) }),
          },
          outDirectory: options.out === undefined ? runsDirectory(world) : resolve(world.cwd, options.out),
          language: languageOf(options.lang), json: options.json === true, explain: options.explain === true,
          target: options.target, ...(options.emit && { emit: options.emit }),
        })
      }))
  },
}
