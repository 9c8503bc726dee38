/**
 * `tongduyet verify FILE…`: every hash of a conformance result anew, its summary anew, its signature against known keys. Exit 0 whole (signed by a known key, or
 * "self-declared") · 1 altered, signed by another partner's key, or not signed where `--signed` demands it · 254 no result.
 */
import { resolve } from 'node:path'
import { word } from '../../conform/report/words.ts'
import { verifySeal } from '../../conform/seal.ts'
import { EXIT, formatProblem } from '../../contracts/error.ts'
import { readKnownKeys, readResult } from '../conform/read.ts'
import { languageOf } from '../language.ts'
import { LANGUAGE_OPTION, printJson, repeated, type CommandDefinition } from './command.ts'

type Options = { known: string[]; signed?: boolean; lang: string; json?: boolean }

export const verify: CommandDefinition = {
  register(program, act) {
    program.command('verify')
      .description('check conformance results: every hash, the summary, the signature')
      .argument('<file...>', 'result.json of tongduyet conform, or the folder it stands in')
      .option('--known <[partner=]file>', 'public key (PEM) whose signature counts, of that partner alone where one is named; or a YAML file of such keys (repeatable)', repeated, [])
      .option('--signed', 'fail where a result is not signed by a known key')
      .option(...LANGUAGE_OPTION)
      .option('--json', 'as JSON')
      .addHelpText('after', '\nExamples:\n  tongduyet verify conform-bank-t3k9zq --known bank-vcb=vendor.pub.pem\n  tongduyet verify results/*.json --signed --known keys.yaml --json\n')
      .action(async (files: string[], options: Options) => act((world) => {
        const language = languageOf(options.lang)
        const known = readKnownKeys(options.known, world.cwd)
        const checked = files.map((file) => {
          const result = readResult(resolve(world.cwd, file))
          return { file, result, verified: verifySeal(result, file, known) }
        })
        if (options.json) printJson(world, checked.map(({ file, result: { about, summary }, verified }) => ({ file, partner: about.partner, contract: about.contract, summary, ...verified })))
        else {
          for (const { file, result: { about, summary }, verified } of checked) {
            if ('problems' in verified) for (const problem of verified.problems) world.stderr.write(`${formatProblem(problem)}\n`)
            else world.stdout.write(`${file}: ${about.partner}, ${word(language, verified.label)}${verified.keyId === null ? '' : ` (${verified.keyId}${verified.key === null ? '' : `, ${verified.key}`})`} · ${word(language, 'score')} ${summary.score ?? '–'} % · ${word(language, 'index')} ${summary.index} %\n`)
          }
        }
        const refused = checked.some(({ verified: { label } }) => label === 'altered' || label === 'foreign' || (options.signed && label !== 'signed'))
        return refused ? EXIT.fail : EXIT.pass
      }))
  },
}
