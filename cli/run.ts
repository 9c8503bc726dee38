/**
 * The command line as a function: arguments and world in, exit code out (0 pass · 1 fail · 2 inconclusive · 130 interrupted · 254 bad input ·
 * 255 fault of the harness). The three kinds of trouble end here: a coded error without stack, a stack, or a verdict.
 */
import { Command, CommanderError } from 'commander'
import { EXIT, HarnessError, InputError, formatProblem, type Problem } from '../contracts/error.ts'
import { COMMANDS } from './commands/index.ts'
import type { World } from './world.ts'

export async function run(argv: readonly string[], world: World): Promise<number> {
  let exitCode: number = EXIT.pass
  const program = new Command('tongduyet')
    .description('Dress rehearsal for the launch of a national public-service portal.\nTổng duyệt: diễn tập chuyển đổi Cổng Dịch vụ công quốc gia.')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({ writeOut: (text) => { world.stdout.write(text) }, writeErr: (text) => { world.stderr.write(text) } })
    .showHelpAfterError('(run with --help for the options and examples)')
    .showSuggestionAfterError()
  for (const command of COMMANDS) {
    command.register(program, async (work) => { exitCode = await work(world) })
  }
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    return exitCodeOfError(error, world)
  }
}

function exitCodeOfError(error: unknown, world: World): number {
  // commander has printed its own message already; help and version are no mistakes.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.badInput
  if (error instanceof InputError) {
    world.stderr.write(`${error.problems.map(formatProblem).join('\n')}\n`)
    return EXIT.badInput
  }
  if (error instanceof HarnessError) {
    world.stderr.write(`${formatProblem(error.problem)}\n`)
    return EXIT.harnessFault
  }
  if (['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException)?.code ?? '')) {
    const { path, message } = error as NodeJS.ErrnoException
    const problem: Problem = { code: 'DISK_FULL', what: `a record could not be written: ${message}`, ...(path !== undefined && { where: path }), mend: 'free space, or give --out on another disk; the records so far have no trailer and count as unfinished' }
    world.stderr.write(`${formatProblem(problem)}\n`)
    return EXIT.harnessFault
  }
  world.stderr.write(`HARNESS_BUG: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`)
  return EXIT.harnessFault
}
