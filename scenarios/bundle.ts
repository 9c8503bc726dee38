/**
 * Bundles the k6 entry with esbuild: npm modules (faker) come along, and k6 never sees TypeScript that makes its own loader hang. Inline source maps keep
 * error positions in the `.ts`. Out: the bundle's path and what went into it. InputError with every place at once where a file of ours uses what k6 cannot
 * run (`script-check.ts`), or where it cannot be bundled at all.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions, type Message } from 'esbuild'
import { InputError, type Problem } from '../contracts/error.ts'
import { unrunnableIn } from './script-check.ts'

const ENTRY = fileURLToPath(new URL('./main.ts', import.meta.url))

export type BundleOptions = {
  /** Another entry than the product's. */
  entry?: string
  /** Without source map and blanks: where every byte counts. */
  small?: boolean
}

export async function bundleScenarios(outFile: string, { entry = ENTRY, small = false }: BundleOptions = {}): Promise<{ file: string; inputs: string[] }> {
  const inputs = await bundled({ ...OPTIONS, entryPoints: [entry], outfile: outFile, ...(small ? { sourcemap: false, minifyWhitespace: true, minifySyntax: true } : {}) })
  return { file: outFile, inputs }
}

/** The same without a bundle: whether k6 could play it. For before anything starts. */
export async function checkScenarios(entry = ENTRY): Promise<void> { await bundled({ ...OPTIONS, entryPoints: [entry], write: false, outfile: 'scenarios.js' }) }

const OPTIONS = {
  bundle: true, format: 'esm', platform: 'neutral', mainFields: ['module', 'main'], target: 'es2017',
  // k6's engine has these; esbuild's stand-ins for them cost up to a third of an iteration.
  supported: { 'bigint': true, 'object-rest-spread': true, 'nullish-coalescing': true, 'optional-chain': true, 'logical-assignment': true }, sourcemap: 'inline', sourcesContent: false, external: ['k6', 'k6/*'], metafile: true, logLevel: 'silent',
} satisfies BuildOptions

async function bundled(options: BuildOptions & { metafile: true }): Promise<string[]> {
  const { metafile } = await build(options).catch((error: { errors?: Message[] }) => {
    if (!error.errors?.length) throw error
    throw new InputError(error.errors.map(problemOf))
  })
  const inputs = Object.keys(metafile.inputs)
  const own = inputs.filter((input) => !/(^|\/)node_modules\//.test(input))
  const problems = (await Promise.all(own.map(async (input) => unrunnableIn(await readFile(resolve(input), 'utf8'), input)))).flat()
  if (problems.length > 0) throw new InputError(problems)
  return inputs
}

function problemOf({ text, location, notes }: Message): Problem {
  const node = /"(node:[^"]+)"/.exec(text)
  return {
    code: 'SCRIPT_NOT_BUNDLED', what: text, ...(location && { where: `${location.file}:${location.line}:${location.column + 1}` }),
    mend: node ? `k6 has no ${node[1]}: take what is needed from the plan, or from a k6 module` : notes[0]?.text ?? 'mend it at this place',
  }
}
