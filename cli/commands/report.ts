/** `tongduyet report RUN`: renders a run's report anew from its records. */
import { suggest } from '../../contracts/did-you-mean.ts'
import { InputError } from '../../contracts/error.ts'
import { renderReport, REPORT_FORMATS, type ReportFormat } from '../../results/report/index.ts'
import { languageOf } from '../language.ts'
import { runDirectory } from '../run-directory.ts'
import { LANGUAGE_OPTION, printJson, type CommandDefinition } from './command.ts'

export const report: CommandDefinition = {
  register(program, act) {
    program.command('report')
      .description('render the report of a run from its records')
      .argument('<run>', 'run folder, or the id of a run in results/runs')
      .option('--format <list>', `comma-separated: ${REPORT_FORMATS.join(', ')}`, REPORT_FORMATS.join(','))
      .option(...LANGUAGE_OPTION)
      .option('--json', 'print the files written as JSON')
      .addHelpText('after', '\nExamples:\n  tongduyet report 20260410-140000-night-1a2b\n  tongduyet report results/runs/20260410-140000-night-1a2b --format html --lang en\n')
      .action(async (run: string, options: { format: string; lang: string; json?: boolean }) => act(async (world) => {
        const formats = options.format.split(',').map((format) => formatOf(format.trim()))
        const { files } = await renderReport(runDirectory(world, run), { formats, language: languageOf(options.lang) })
        if (options.json) printJson(world, { files })
        else for (const file of files) world.stdout.write(`${file}\n`)
        return 0
      }))
  },
}

function formatOf(text: string): ReportFormat {
  const format = REPORT_FORMATS.find((candidate) => candidate === text)
  if (format) return format
  throw new InputError([{ code: 'FORMAT_UNKNOWN', what: `report format "${text}" is not known`, where: '--format', mend: suggest(text, REPORT_FORMATS) }])
}
