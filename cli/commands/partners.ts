/** `tongduyet partners`: all partners of the portal, with the contract that each keeps; readiness where a document says it. */
import { SYSTEMS } from '../../contracts/reference/systems.ts'
import { languageOf } from '../language.ts'
import { LANGUAGE_OPTION, printJson, printTable, type CommandDefinition } from './command.ts'

export const partners: CommandDefinition = {
  register(program, act) {
    program.command('partners')
      .description('list the partners and their contracts: ministries, provinces, banks, VNeID, SMS, specialised systems')
      .option(...LANGUAGE_OPTION)
      .option('--json', 'as JSON')
      .addHelpText('after', '\nThe OpenAPI document of a contract is contracts/openapi/ROLE.json. Readiness is the group of BC 143 (1: all four criteria; -: not told).\n\nExamples:\n  tongduyet partners\n  tongduyet partners --json --lang en\n')
      .action(async (options: { lang: string; json?: boolean }) => act((world) => {
        const language = languageOf(options.lang)
        if (options.json) printJson(world, SYSTEMS)
        else {
          printTable(world, ['id', 'kind', 'unit code', 'region', 'contract', 'readiness', 'title'], SYSTEMS.map(({ id, kind, unitCode, region, contract, readiness, title }) =>
            [id, kind, unitCode ?? '-', region ?? '-', `${contract.role} ${contract.version}`, String(readiness?.group ?? '-'), title[language]]))
        }
        return 0
      }))
  },
}
