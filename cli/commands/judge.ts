/**
 * `tongduyet judge RUN`: the verdict again, from the records alone; same input, same bytes. Exit code by the verdict. `--pods DIR` first makes the run's
 * histories of the logs of k6-operator's pods; `--hand-tests FILE` first lets what people tested by hand join it.
 */
import { resolve } from 'node:path'
import { judge as judgeRun } from '../../results/judge/index.ts'
import { exitCodeOf } from '../../results/outcome/index.ts'
import { addHandTests } from '../hand-tests/add-to-run.ts'
import { takePods } from '../load/take-pods.ts'
import { runDirectory } from '../run-directory.ts'
import { printJson, printTable, type CommandDefinition } from './command.ts'

export const judge: CommandDefinition = {
  register(program, act) {
    program.command('judge')
      .description('judge a run again from its records alone (same input, same bytes)')
      .argument('<run>', 'run folder, or the id of a run in results/runs')
      .option('--pods <dir>', 'logs of k6-operator\'s pods (and pods.json), of which the run\'s histories are made first')
      .option('--hand-tests <FILE.xlsx>', 'what people tested by hand joins the history of a run that is over')
      .option('--json', 'print verdict.json')
      .addHelpText('after', '\nExamples:\n  tongduyet judge results/runs/20260410-140000-night-1a2b\n  tongduyet judge 20260410-140000-night-1a2b --json\n  tongduyet judge ./manifests/run --pods ./logs\n  tongduyet judge 20260410-140000-night-1a2b --hand-tests tested.xlsx\n')
      .action(async (run: string, options: { json?: boolean; pods?: string; handTests?: string }) => act(async (world) => {
        const directory = runDirectory(world, run)
        if (options.pods !== undefined) await takePods(directory, resolve(world.cwd, options.pods), world.nowMs)
        if (options.handTests !== undefined) await addHandTests(world, directory, options.handTests)
        const { verdict, findings } = await judgeRun(directory)
        if (options.json) printJson(world, verdict)
        else {
          const notPassed = verdict.criteria.filter((criterion) => criterion.status !== 'pass')
          if (notPassed.length > 0) printTable(world, ['criterion', 'status', 'expected', 'observed'], notPassed.map((criterion) => [criterion.id, criterion.status, criterion.expected, criterion.observed]))
          for (const finding of findings) world.stdout.write(`finding ${finding.id}: ${finding.incident ?? finding.class} in ${finding.system} (${finding.unit}), ${finding.count}: ${finding.cause}\n`)
          world.stdout.write(`verdict: ${verdict.verdict} (${verdict.criteria.length} criteria, ${verdict.coverage.verified} of ${verdict.coverage.operations} operations verified)\n`)
        }
        return exitCodeOf(verdict.verdict)
      }))
  },
}
