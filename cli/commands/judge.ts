/** `tongduyet judge RUN`: the verdict again, from the records alone; same input, same bytes. Exit code by the verdict. */
import { judge as judgeRun } from '../../results/judge/index.ts'
import { exitCodeOf } from '../../results/outcome/index.ts'
import { runDirectory } from '../run-directory.ts'
import { printJson, printTable, type CommandDefinition } from './command.ts'

export const judge: CommandDefinition = {
  register(program, act) {
    program.command('judge')
      .description('judge a run again from its records alone (same input, same bytes)')
      .argument('<run>', 'run folder, or the id of a run in results/runs')
      .option('--json', 'print verdict.json')
      .addHelpText('after', '\nExamples:\n  tongduyet judge results/runs/20260410-140000-night-1a2b\n  tongduyet judge 20260410-140000-night-1a2b --json\n')
      .action(async (run: string, options: { json?: boolean }) => act(async (world) => {
        const { verdict, findings } = await judgeRun(runDirectory(world, run))
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
