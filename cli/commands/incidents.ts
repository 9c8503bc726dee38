/** `tongduyet incidents`: the 44 incidents of the documents; which of them can be planted and which are found; and the disturbances of real parts that can be planted beside. */
import { DISTURBANCES, DISTURBANCE_IDS } from '../../contracts/disturbances.ts'
import { INCIDENTS, INCIDENT_IDS } from '../../contracts/incidents.ts'
import { FAULTS } from '../../cutover/faults/index.ts'
import { INCIDENT_RULES } from '../../results/judge/incidents/index.ts'
import { languageOf } from '../language.ts'
import { LANGUAGE_OPTION, printJson, printTable, type CommandDefinition } from './command.ts'

export const incidents: CommandDefinition = {
  register(program, act) {
    program.command('incidents')
      .description('list the incidents that happened, which can be planted (--fault) and which are found from evidence')
      .option(...LANGUAGE_OPTION)
      .option('--json', 'as JSON')
      .addHelpText('after', '\nExamples:\n  tongduyet incidents\n  tongduyet rehearse --fault dns-uneven\n')
      .action(async (options: { lang: string; json?: boolean }) => act((world) => {
        const language = languageOf(options.lang)
        const plantable = new Set(FAULTS.map((fault) => fault.id as string))
        const found = new Set(INCIDENT_RULES.map((rule) => rule.id as string))
        const list = INCIDENT_IDS.map((id) => ({ id, ...INCIDENTS[id], plantable: plantable.has(id), found: found.has(id) }))
        if (options.json) printJson(world, list)
        else {
          printTable(world, ['id', 'plant', 'find', 'source', 'what happened'], list.map((incident) => [
            incident.id, incident.plantable ? 'yes' : '-', incident.found ? 'yes' : '-', incident.source + (incident.ordered ? ' †' : ''), incident.title[language],
          ]))
          world.stdout.write('† not reported as such, but a thing that the documents order to be checked\n\n')
          printTable(world, ['disturbance', 'of real parts (--target containers); what it does to users and records is found'], DISTURBANCE_IDS.map((id) => [id, DISTURBANCES[id][language]]))
        }
        return 0
      }))
  },
}
