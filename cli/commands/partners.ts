/** `tongduyet partners`: the 50 partners of the documented night, their unit codes and regions. */
import { PARTNERS } from '../../contracts/reference/partners.ts'
import { languageOf } from '../language.ts'
import { LANGUAGE_OPTION, printJson, printTable, type CommandDefinition } from './command.ts'

export const partners: CommandDefinition = {
  register(program, act) {
    program.command('partners')
      .description('list the partners: ministries, EVN, provinces')
      .option(...LANGUAGE_OPTION)
      .option('--json', 'as JSON')
      .addHelpText('after', '\nExamples:\n  tongduyet partners\n  tongduyet partners --json --lang en\n')
      .action(async (options: { lang: string; json?: boolean }) => act((world) => {
        const language = languageOf(options.lang)
        if (options.json) printJson(world, PARTNERS)
        else printTable(world, ['id', 'kind', 'unit code', 'region', 'title'], PARTNERS.map((partner) => [partner.id, partner.kind, partner.unitCode, partner.region, partner.title[language]]))
        return 0
      }))
  },
}
