/** `tongduyet flows`: the flows of which journeys are made, with their steps and the kinds of operations. */
import { FLOWS } from '../../scenarios/flows/index.ts'
import { languageOf } from '../language.ts'
import { LANGUAGE_OPTION, printJson, printTable, type CommandDefinition } from './command.ts'

export const flows: CommandDefinition = {
  register(program, act) {
    program.command('flows')
      .description('list the flows of which journeys are made')
      .option(...LANGUAGE_OPTION)
      .option('--json', 'as JSON')
      .addHelpText('after', '\nExamples:\n  tongduyet flows\n  tongduyet flows --json\n')
      .action(async (options: { lang: string; json?: boolean }) => act((world) => {
        const language = languageOf(options.lang)
        if (options.json) printJson(world, FLOWS.map(({ id, title, actor, steps }) => ({ id, title, actor, steps })))
        else printTable(world, ['id', 'actor', 'steps', 'title'], FLOWS.map((flow) => [flow.id, flow.actor, flow.steps.map((step) => `${step.step} (${step.kind})`).join(', '), flow.title[language]]))
        return 0
      }))
  },
}
