/**
 * `tongduyet doctor`: what this machine has and lacks, with the fix; with `--target FILE` also everything behind a target file, without a write. Exit 0 if a
 * rehearsal can run, 254 if something is missing.
 */
import { EXIT } from '../../contracts/error.ts'
import { CHECKS, type CheckResult } from '../doctor/checks.ts'
import { examineTarget } from '../doctor/target/index.ts'
import { languageOf } from '../language.ts'
import type { World } from '../world.ts'
import { LANGUAGE_OPTION, printJson, printTable, type CommandDefinition } from './command.ts'

type Options = { json?: boolean; target?: string; lang: string }

const STATUS_WORDS = { vi: { ok: 'được', lacks: 'thiếu', unknown: 'chưa rõ' }, en: { ok: 'ok', lacks: 'lacks', unknown: 'unknown' } } as const

export const doctor: CommandDefinition = {
  register(program, act) {
    program.command('doctor')
      .description('say what this machine, or a target, has and lacks for a rehearsal, with the fix')
      .option('--target <FILE>', 'look at everything behind a target file instead, without a write')
      .option(...LANGUAGE_OPTION)
      .option('--json', 'as JSON')
      .addHelpText('after', '\nExamples:\n  tongduyet doctor\n  tongduyet doctor --json\n  tongduyet doctor --target my-staging.yaml --lang en\n')
      .action(async (options: Options) => act((world) => options.target === undefined ? examineMachine(world, options) : examine(world, options.target, options)))
  },
}

async function examineMachine(world: World, options: Options): Promise<number> {
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
}

async function examine(world: World, path: string, options: Options): Promise<number> {
  const language = languageOf(options.lang)
  const findings = await examineTarget(world, path)
  const lacking = findings.filter(({ status }) => status === 'lacks')
  if (options.json) printJson(world, { ready: lacking.length === 0, target: path, checks: findings })
  else {
    const words = STATUS_WORDS[language]
    printTable(world, language === 'vi' ? ['kiểm tra', 'đối tượng', 'kết quả', 'thấy'] : ['check', 'subject', 'status', 'found'], findings.map(({ check, subject, status, found }) => [check, subject, words[status], found[language]]))
    for (const { check, subject, mend } of lacking) world.stdout.write(`${check} ${subject}: ${mend![language]}\n`)
    world.stdout.write(language === 'vi' ? (lacking.length === 0 ? 'sẵn sàng\n' : `chưa sẵn sàng: thiếu ${lacking.length}\n`) : lacking.length === 0 ? 'ready\n' : `not ready: ${lacking.length} lacking\n`)
  }
  return lacking.length === 0 ? EXIT.pass : EXIT.badInput
}
