/** `tongduyet mocks`: all simulated partners at one address, for vendors, until Ctrl-C. Exit 0 when ended so, 254 where it could not begin. */
import { resolve } from 'node:path'
import { EXIT, InputError } from '../../contracts/error.ts'
import { BehavioursFile } from '../../contracts/partner-api/behaviours-file.ts'
import { SIMULATORS } from '../../mocks/registry.ts'
import { Problems } from '../documents/collect.ts'
import { readContractProfile } from '../documents/contract-profile.ts'
import { shownPath } from '../documents/sources.ts'
import { parseYaml, readText } from '../documents/yaml-document.ts'
import { languageOf } from '../language.ts'
import { choosePartners } from '../mocks/choose.ts'
import { startHub, type HubState, type MocksWish } from '../mocks/hub.ts'
import type { World } from '../world.ts'
import { LANGUAGE_OPTION, printJson, printTable, repeated, type CommandDefinition } from './command.ts'
import { DEFAULT_SEED, wholeNumber } from './run-options.ts'

type Options = {
  partners: string; port: string; host: string; publicUrl?: string; portal?: string; redirectUri: string[]; logoutUri?: string; seed: string
  contractProfile?: string; behaviours?: string; lang: string; json?: boolean
}

const DEFAULT_PORT = '8800'

export const mocks: CommandDefinition = {
  register(program, act) {
    program.command('mocks')
      .description('serve the simulated partners at one address, for vendors who build against them')
      .option('--partners <a,b>', 'ids (see: tongduyet partners), roles, or kinds: ministry, province', 'all')
      .option('--port <n>', 'port; 0 for any that is free', DEFAULT_PORT)
      .option('--host <address>', 'address to listen at', '127.0.0.1')
      .option('--public-url <url>', 'the address as others see it (default: from host and port)')
      .option('--portal <url>', 'where partners push dossiers and statuses (default: kept here, shown in the journal)')
      .option('--redirect-uri <url>', 'one more redirect_uri of the VNeID client (repeatable)', repeated, [])
      .option('--logout-uri <url>', 'where the VNeID client is told that a session is over (back-channel logout)')
      .option('--seed <n>', 'the same seed gives the same draws', DEFAULT_SEED)
      .option('--contract-profile <file>', 'paths, names, codes and signatures as an official guide has them')
      .option('--behaviours <file>', 'latencies, errors, outages … from the start (docs/mocks.md)')
      .option(...LANGUAGE_OPTION)
      .option('--json', 'print addresses, keys and client as JSON')
      .addHelpText('after', `
Each partner is at http://HOST:PORT/<id>; the start page at http://HOST:PORT/ lists them with keys, examples and the last exchanges.

Examples:
  tongduyet mocks                                        all partners at http://127.0.0.1:8800/
  tongduyet mocks --partners vneid,bank,sms --port 9000
  tongduyet mocks --partners ministry --portal http://127.0.0.1:8080
  tongduyet mocks --redirect-uri http://127.0.0.1:3000/callback --lang en
  tongduyet mocks --contract-profile my-guide.yaml --behaviours slow-banks.yaml

Ctrl-C ends it. Exit codes: 0 ended · 254 bad input, nothing started · 255 fault of the harness
`)
      .action(async (options: Options) => act((world) => serve(world, wishOf(world, options), options.json === true)))
  },
}

async function serve(world: World, wish: MocksWish, json: boolean): Promise<number> {
  const interrupted = Promise.withResolvers<void>()
  const unsubscribe = world.onInterrupt(() => interrupted.resolve())
  try {
    const hub = await startHub(wish)
    try {
      if (json) printJson(world, describe(hub.state))
      else print(world, hub.state)
      await interrupted.promise
    } finally { await hub.close() }
  } finally { unsubscribe() }
  return EXIT.pass
}

/** All mistakes of the wish at once. */
function wishOf(world: World, options: Options): MocksWish {
  const problems = new Problems()
  const document = <T>(name: string | undefined, read: (file: string, shown: string) => T): T | undefined => {
    const file = resolve(world.cwd, name ?? '')
    return name === undefined ? undefined : problems.try(() => read(file, shownPath(world, file)))
  }
  const partners = problems.try(() => choosePartners(options.partners, [...SIMULATORS.keys()]))
  const port = problems.try(() => portOf(options.port))
  const seed = problems.try(() => wholeNumber(options.seed, '--seed'))
  const language = problems.try(() => languageOf(options.lang))
  const publicUrl = problems.try(() => urlOf(options.publicUrl, '--public-url'))
  const portalUrl = problems.try(() => urlOf(options.portal, '--portal'))
  const { logoutUri } = options
  if (logoutUri !== undefined) problems.try(() => urlOf(logoutUri, '--logout-uri'))
  for (const uri of options.redirectUri) problems.try(() => urlOf(uri, '--redirect-uri'))
  const profile = document(options.contractProfile, readContractProfile)
  const behaviours = document(options.behaviours, (file, shown) => parseYaml(readText(file, 'behaviours file'), shown, BehavioursFile))
  problems.throwIfAny()
  return { partners: partners!, host: options.host, port: port!, publicUrl, portalUrl, redirectUris: options.redirectUri, logoutUri, seed: seed!, profile: profile?.profile, behaviours, language: language! }
}

function portOf(text: string): number {
  const port = wholeNumber(text, '--port')
  if (port >= 0 && port <= 65_535) return port
  throw new InputError([{ code: 'NUMBER_INVALID', what: `"${text}" is no port`, where: '--port', mend: 'write a number between 0 and 65535' }])
}

function urlOf(text: string | undefined, where: string): string | undefined {
  if (text === undefined || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))) return text
  throw new InputError([{ code: 'URL_INVALID', what: `"${text}" is no http address`, where, mend: 'write one such as http://127.0.0.1:8080' }])
}

function describe({ baseUrl, portalUrl, inboxUrl, vneidClient, listing }: HubState) {
  return { url: `${baseUrl}/`, portal: portalUrl, inbox: inboxUrl, vneidClient, partners: listing }
}

function print(world: World, { baseUrl, listing, wish }: HubState): void {
  const rows = [...Map.groupBy(listing, ({ role }) => role)].map(([role, own]) => [role, String(own.length), own[0]!.baseUrl + (own.length > 1 ? ' …' : '')])
  printTable(world, ['role', 'partners', 'address'], rows)
  world.stdout.write(wish.language === 'vi'
    ? `Trang đầu: ${baseUrl}/ · Ctrl-C để kết thúc\n`
    : `Start page: ${baseUrl}/ · Ctrl-C ends it\n`)
}
