/** `tongduyet lint FILE…`: checks runbooks, profiles, splits, targets, mappings, contract and issuer profiles, fixtures and behaviours; every problem of every file at once. Exit 0 or 254. */
import { EXIT, formatProblem } from '../../contracts/error.ts'
import { Problems } from '../documents/collect.ts'
import { lintFile } from '../documents/lint-file.ts'
import { printJson, type CommandDefinition } from './command.ts'

export const lint: CommandDefinition = {
  register(program, act) {
    program.command('lint')
      .description('check runbooks, profiles, splits, targets, mappings, contract and issuer profiles, fixtures, behaviours')
      .argument('<file...>', 'YAML files')
      .option('--json', 'as JSON')
      .addHelpText('after', '\nExamples:\n  tongduyet lint cutover/runbooks/night-2026-04-10.yaml\n  tongduyet lint my-runbook.yaml my-profile.yaml --json\n')
      .action(async (files: string[], options: { json?: boolean }) => act((world) => {
        const problems = new Problems()
        const kinds = files.map((file) => ({ file, kind: problems.try(() => lintFile(world, file, problems)) ?? null }))
        if (options.json) printJson(world, { files: kinds, problems: problems.all })
        else {
          for (const problem of problems.all) world.stderr.write(`${formatProblem(problem)}\n`)
          world.stdout.write(problems.all.length === 0 ? `${kinds.map(({ file, kind }) => `${file}: ${kind}, in order`).join('\n')}\n` : `${problems.all.length} problems\n`)
        }
        return problems.all.length === 0 ? EXIT.pass : EXIT.badInput
      }))
  },
}
