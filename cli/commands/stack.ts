/**
 * `tongduyet stack up|down|status`: the reference stack by itself, with a target file by which a rehearsal treats it as a foreign system. Exit 0, or 1 from
 * `status` where nothing runs; 254 bad input, nothing started; 255 a fault of the harness.
 */
import { EXIT } from '../../contracts/error.ts'
import { isoHanoi } from '../../contracts/scenario-clock.ts'
import { fromAnywhere } from '../documents/sources.ts'
import { resolveWish } from '../rehearse/resolve.ts'
import { stackDown } from '../stack/down.ts'
import { allStates, isRunning } from '../stack/state.ts'
import { stackUp } from '../stack/up.ts'
import { printJson, printTable, type CommandDefinition } from './command.ts'
import { DEFAULT_SEED, ownStackOf, wholeNumber } from './run-options.ts'

const DEFAULT_RUNBOOK = 'night-2026-04-10'
const DEFAULT_NAME = 'default'

export const stack: CommandDefinition = {
  register(program, act) {
    const group = program.command('stack').description('run the reference stack by itself, and get a target file for it')
      .addHelpText('after', `
Examples:
  tongduyet stack up --profile smoke                 in one terminal, until Ctrl-C
  tongduyet rehearse --profile smoke --target ~/.local/state/tongduyet/stacks/default/target.yaml
  tongduyet stack up load --profile peak-hour --name country
  tongduyet stack status --json
  tongduyet stack down --name country
`)
    group.command('up')
      .description('start it and serve until Ctrl-C or stack down; prints the target file')
      .argument('[runbook]', 'what will be played on it (load: without a cutover)', DEFAULT_RUNBOOK)
      .option('--target <embedded|containers>', 'how it is run', 'embedded')
      .option('--profile <name|file>', 'says how many old dossiers there are (default: the runbook\'s)')
      .option('--seed <n>', 'the same seed as the run that will come', DEFAULT_SEED)
      .option('--out <file>', 'where the target file goes (default: in the stack\'s own directory); secrets never go there')
      .option('--name <name>', 'to run several side by side', DEFAULT_NAME)
      .option('--json', 'print where the target file is')
      .addHelpText('after', '\nExamples:\n  tongduyet stack up --profile smoke --out staging.yaml\n')
      .action(async (runbook: string, options: { target: string; profile?: string; seed: string; out?: string; name: string; json?: boolean }) => act(async (world) => {
        const kind = ownStackOf(options.target)
        const resolved = resolveWish(world, { target: kind, runbook, faults: [], seed: wholeNumber(options.seed, '--seed'), ...(options.profile !== undefined && { profile: options.profile }) })
        return stackUp(world, { resolved, kind, runbook: fromAnywhere(world, runbook), profile: fromAnywhere(world, options.profile ?? resolved.runbook.load.profile), name: options.name, out: options.out, json: options.json === true })
      }))
    group.command('down')
      .description('end it, and only it')
      .option('--name <name>', 'which', DEFAULT_NAME)
      .addHelpText('after', '\nExamples:\n  tongduyet stack down\n')
      .action(async (options: { name: string }) => act((world) => stackDown(world, options.name)))
    group.command('status')
      .description('what runs')
      .option('--json', 'as JSON')
      .addHelpText('after', '\nExamples:\n  tongduyet stack status --json\n')
      .action(async (options: { json?: boolean }) => act((world) => {
        const all = allStates(world).map((state) => ({ ...state, running: isRunning(state) }))
        if (options.json) printJson(world, all)
        else if (all.length === 0) world.stdout.write('no stack runs\n')
        else printTable(world, ['name', 'state', 'target', 'since', 'for', 'target file'], all.map((one) => [one.name, one.running ? `process ${one.pid}` : 'ended without stack down', one.target, isoHanoi(one.since), `${one.runbook} --profile ${one.profile} --seed ${one.seed}`, one.targetFile]))
        return all.some(({ running }) => running) ? EXIT.pass : EXIT.fail
      }))
  },
}
