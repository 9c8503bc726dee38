/**
 * `tongduyet conform ROLE --url URL`: whether a vendor's system keeps the contract of its role; `--reference` tries the product's own instead. `--matrix` shows
 * from results who may take part in the cutover. Exit 0 all that was tried held · 1 something is broken · 2 nothing can be claimed · 254 bad input.
 */
import { resolve } from 'node:path'
import { CONFORM_ROLES, suiteOf } from '../../conform/checks/index.ts'
import { readPrivateKey } from '../../conform/seal.ts'
import { InputError } from '../../contracts/error.ts'
import { defaultFixture } from '../conform/default-fixture.ts'
import { runConform, type ConformWish } from '../conform/index.ts'
import { printMatrix } from '../conform/matrix.ts'
import { readFixture, readKnownKeys, readWaivers, requireBound } from '../conform/read.ts'
import { Problems } from '../documents/collect.ts'
import { readContractProfile } from '../documents/contract-profile.ts'
import { readText } from '../documents/yaml-document.ts'
import { languageOf } from '../language.ts'
import { runsDirectory } from '../run-directory.ts'
import type { World } from '../world.ts'
import { LANGUAGE_OPTION, repeated, type CommandDefinition } from './command.ts'

type Options = {
  url?: string; reference?: boolean; fixture?: string; receiver?: string; contractProfile?: string; only?: string[]; out?: string; key?: string
  matrix?: string[]; waivers?: string; partner?: string[]; known: string[]; acceptSelfDeclared?: boolean; lang: string; json?: boolean
}

export const conform: CommandDefinition = {
  register(program, act) {
    program.command('conform')
      .description('check whether a system keeps the contract of its role; show who may take part in the cutover')
      .argument('[role]', CONFORM_ROLES.join(', '))
      .option('--url <url>', 'where the system is')
      .option('--reference', 'try the product\'s own partner (or portal) instead')
      .option('--fixture <file>', 'identities, units, keys, triggers, limits (docs/conform.md; default: fits tongduyet mocks)')
      .option('--receiver <host:port>', 'listen here; the system is configured to push to it as its portal')
      .option('--contract-profile <file>', 'paths, names, codes and signatures as an official guide has them')
      .option('--only <prefix>', 'only requirements whose id begins so (repeatable); such a result is never ready', repeated)
      .option('--key <file>', 'Ed25519 private key (PEM) that signs the result')
      .option('--out <dir>', 'results go to DIR/conform-<role>-<id>/ (default: results/runs)')
      .option('--matrix <file...>', 'results (result.json) of which the matrix partner × flow × contract is made')
      .option('--waivers <file>', 'waivers for the matrix')
      .option('--partner <id...>', 'who is to take part; without a result, not tested')
      .option('--known <partner=file>', 'public key (PEM) of a partner, or a YAML file of such keys (repeatable)', repeated, [])
      .option('--accept-self-declared', 'count results that no known key has signed, as ready with waiver at most')
      .option(...LANGUAGE_OPTION)
      .option('--json', 'print the result as JSON')
      .addHelpText('after', `
Examples:
  tongduyet conform province --url http://127.0.0.1:8800/partner-ha-noi      a partner of: tongduyet mocks
  tongduyet conform bank --url https://bank.test --fixture my-bank.yaml --key vendor.pem
  tongduyet conform sms --reference                                          what a conforming gateway looks like
  tongduyet conform province --url http://10.1.2.3:8080 --receiver 10.1.2.9:7400 --fixture ours.yaml
  tongduyet conform --matrix results/*.json --waivers waivers.yaml --known ha-noi=vendor.pub.pem

Exit codes: 0 what was tried held · 1 broken · 2 nothing can be claimed · 130 interrupted · 254 bad input
`)
      .action(async (role: string | undefined, options: Options) => act((world) => options.matrix
        ? printMatrix(world, {
          files: options.matrix.map((file) => resolve(world.cwd, file)), waivers: options.waivers === undefined ? [] : readWaivers(resolve(world.cwd, options.waivers)),
          known: requireBound(readKnownKeys(options.known, world.cwd)), acceptSelfDeclared: options.acceptSelfDeclared === true, language: languageOf(options.lang), json: options.json === true,
          ...(options.partner && { expected: options.partner }),
        })
        : runConform(world, wishOf(world, role, options))))
  },
}

/** All mistakes of the wish at once. */
function wishOf(world: World, role: string | undefined, options: Options): ConformWish {
  const problems = new Problems()
  const file = (path: string) => resolve(world.cwd, path)
  problems.try(() => suiteOf(role ?? ''))
  const language = problems.try(() => languageOf(options.lang))
  const url = options.url === undefined ? undefined : problems.try(() => urlOf(options.url!))
  if ((options.url === undefined) === (options.reference === undefined)) {
    problems.add({ code: 'CONFORM_OPTION_CONFLICT', what: options.url === undefined ? 'no system is named' : '--url and --reference name two systems', where: '--url', mend: 'give either --url URL or --reference' })
  }
  const receiver = options.receiver === undefined ? undefined : problems.try(() => receiverOf(options.receiver!))
  const fixture = options.fixture === undefined ? undefined : problems.try(() => readFixture(file(options.fixture!), world.env))
  const profile = options.contractProfile === undefined ? undefined : problems.try(() => readContractProfile(file(options.contractProfile!)).profile)
  const key = options.key === undefined ? undefined : problems.try(() => readPrivateKey(readText(file(options.key!), 'private key'), options.key!))
  problems.throwIfAny()
  return {
    role: role!, url, profile, key, language: language!, json: options.json === true, only: options.only, out: options.out === undefined ? runsDirectory(world) : file(options.out),
    fixtureFor: (at, overrides) => {
      const said = { ...overrides, ...(receiver && { receiver: { ...fixture?.receiver, ...receiver } }) }
      return fixture ? { ...fixture, ...said } as typeof fixture : defaultFixture(role!, at, said)
    },
  }
}

function urlOf(text: string): string {
  const refuse = (what: string, mend: string) => { throw new InputError([{ code: 'CONFORM_URL_INVALID', what, where: '--url', mend }]) }
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) refuse(`"${text}" is no http address`, 'write one such as http://127.0.0.1:8800/partner-ha-noi')
  const { username, password } = new URL(text)
  if (username + password !== '') refuse('the address holds a name or a password, which would stand in the result', 'write it without; credentials are named in the fixture, by the environment variable that holds them')
  return text.replace(/\/$/, '')
}

function receiverOf(text: string): { host: string; port: number; portal: true } {
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text) ?? []
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port), portal: true }
  throw new InputError([{ code: 'NUMBER_INVALID', what: `"${text}" is no address to listen at`, where: '--receiver', mend: 'write HOST:PORT such as 127.0.0.1:7400' }])
}
