/**
 * `tongduyet rehearse [runbook]`: replays a cutover and gives a verdict. Exit 0 pass · 1 fail · 2 inconclusive · 130 interrupted (after undo) ·
 * 254 bad input, nothing was started · 255 a fault of the harness.
 */
import { resolve } from 'node:path'
import { languageOf } from '../language.ts'
import { rehearse as rehearseNight } from '../rehearse/index.ts'
import { runsDirectory } from '../run-directory.ts'
import { LANGUAGE_OPTION, repeated, type CommandDefinition } from './command.ts'
import { DEFAULT_SEED, targetWish, timeScaleOf, wholeNumber, workersOf } from './run-options.ts'

type Options = { target: string; handTests?: string; profile?: string; fault: string[]; seed: string; timeScale?: string; out?: string; workers: string; lang: string; json?: boolean }

const DEFAULT_RUNBOOK = 'night-2026-04-10'

export const rehearse: CommandDefinition = {
  register(program, act) {
    program.command('rehearse')
      .description('replay a cutover night on a full stack under load, and give a verdict')
      .argument('[runbook]', 'name in cutover/runbooks/ or path of a YAML file', DEFAULT_RUNBOOK)
      .option('--target <embedded|containers|FILE>', 'the system under test', 'embedded')
      .option('--profile <name|file>', 'load profile (default: the runbook\'s)')
      .option('--fault <id[:k=v,…]>', 'plant an incident or a disturbance (repeatable; see: tongduyet incidents)', repeated, [])
      .option('--seed <n>', 'the same seed gives the same people, dossiers and draws', DEFAULT_SEED)
      .option('--time-scale <x>', 'scenario seconds in a wall second (default: the profile\'s, else the runbook\'s)')
      .option('--hand-tests <FILE.xlsx>', 'what people tested by hand (dossier code, step, time, tester\'s role, outcome) joins the history')
      .option('--workers <n>', 'k6 processes that share the load', '1')
      .option('--out <dir>', 'run folder goes to DIR/<run-id>/ (default: results/runs)')
      .option(...LANGUAGE_OPTION)
      .option('--json', 'print outcome.json and where the records are')
      .addHelpText('after', `
Examples:
  tongduyet rehearse                                       the documented night, about four minutes
  tongduyet rehearse --profile smoke                       the same night, small, under 45 seconds
  tongduyet rehearse --target containers --profile smoke   on nginx, Unbound, Knot and PostgreSQL in containers
  tongduyet rehearse night-2026-04-10-as-it-was            with the units that were unfinished
  tongduyet rehearse --fault dns-uneven:regions=north      the judge has to find it from evidence alone
  tongduyet rehearse --target my-staging.yaml --hand-tests tested.xlsx   a real staging system (docs/targets.md)
  tongduyet rehearse my-runbook.yaml --seed 7 --out /tmp/runs --lang en

Exit codes: 0 pass · 1 fail · 2 inconclusive · 130 interrupted, undone · 254 bad input, nothing started · 255 fault of the harness
`)
      .action(async (runbook: string, options: Options) => act(async (world) => {
        return rehearseNight(world, {
          wish: {
            ...targetWish(options.target), runbook, faults: options.fault, seed: wholeNumber(options.seed, '--seed'), workers: workersOf(options.workers),
            ...(options.profile !== undefined && { profile: options.profile }),
            ...(options.timeScale !== undefined && { timeScale: timeScaleOf(options.timeScale) }),
          },
          ...(options.handTests !== undefined && { handTests: options.handTests }),
          outDirectory: options.out === undefined ? runsDirectory(world) : resolve(world.cwd, options.out),
          language: languageOf(options.lang), json: options.json === true,
        })
      }))
  },
}
