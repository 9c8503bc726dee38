/** `tongduyet doctor`: what this machine has and lacks, with the fix. Exit 0 if a rehearsal can run, 254 if something is missing. */
import { EXIT } from '../../contracts/error.ts'
import { CHECKS, type CheckResult } from '../doctor/checks.ts'
import { printJson, printTable, type CommandDefinition } from './command.ts'

export const doctor: CommandDefinition = {
  register(program, act) {
    program.command('doctor')
      .description('say what this machine has and lacks for a rehearsal, with the fix')
      .option('--json', 'as JSON')
      .addHelpText('after', '\nExamples:\n  tongduyet doctor\n  tongduyet doctor --json\n')
      .action(async (options: { json?: boolean }) => act(async (world) => {
        const results: CheckResult[] = []
        for (const check of CHECKS) results.push({ id: check.id, ...await check.run(world) })
        const lacking = results.filter((result) => result.status === 'missing')
        if (options.json) printJson(world, { ready: lacking.length === 0, checks: results })
        else {
          printTable(world, ['check', 'status', 'found'], results.map((result) => [result.id, result.status, result.found]))
          for (const result of results.filter(({ fix }) => fix !== null)) world.stdout.write(`${result.id}: ${result.fix}\n`)
          world.stdout.write(lacking.length === 0 ? 'ready: npm run rehearse\n' : `not ready: ${lacking.length} missing\n`)
        }
        return lacking.length === 0 ? EXIT.pass : EXIT.badInput
      }))
  },
}
