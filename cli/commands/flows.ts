/** `tongduyet flows`: the 13 flows of which journeys are made, who acts in them, their acts and steps with the kinds of operations. */
import { actsOfFlow, FLOWS } from '../../scenarios/flows/index.ts'
import { languageOf } from '../language.ts'
import { LANGUAGE_OPTION, printJson, printTable, type CommandDefinition } from './command.ts'

export const flows: CommandDefinition = {
  register(program, act) {
    program.command('flows')
      .description('list the flows of which journeys are made')
      .option(...LANGUAGE_OPTION)
      .option('--json', 'as JSON')
      .addHelpText('after', '\nA journey names flows and acts by their ids.\n\nExamples:\n  tongduyet flows\n  tongduyet flows --json\n')
      .action(async (options: { lang: string; json?: boolean }) => act((world) => {
        const language = languageOf(options.lang)
        if (options.json) printJson(world, FLOWS.map(({ id, title }) => flowListed(id, title)))
        else {
          printTable(world, ['flow', 'act', 'actor', 'steps', 'title'], FLOWS.flatMap((flow) => actsOfFlow(flow.id).map((one) => [
            one === flow ? flow.id : '', one.id, one.actor, one.steps.map((step) => `${step.step} (${step.kind})`).join(', '), one.title[language],
          ])))
        }
        return 0
      }))
  },
}

function flowListed(id: string, title: (typeof FLOWS)[number]['title']) {
  const acts = actsOfFlow(id).map(({ id: act, title: named, actor, steps }) => ({ id: act, title: named, actor, steps }))
  return { id, title, actors: [...new Set(acts.map(({ actor }) => actor))], steps: acts.flatMap(({ steps }) => steps), acts }
}
