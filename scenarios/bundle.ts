/**
 * Bundles the k6 entry with esbuild: npm modules (faker) come along, and k6 never sees TypeScript that makes its own loader hang (decorators,
 * `for await`, `using`, type-only modules). Inline source maps keep error positions in the `.ts`. Out: the bundle's path and what went into it.
 */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ENTRY = fileURLToPath(new URL('./main.ts', import.meta.url))

export async function bundleScenarios(outFile: string): Promise<{ file: string; inputs: string[] }> {
  const { metafile } = await build({
    entryPoints: [ENTRY],
    outfile: outFile, bundle: true, format: 'esm', platform: 'neutral', mainFields: ['module', 'main'], target: 'es2017',
    // k6's engine has these; esbuild's stand-ins for them cost a third of an iteration.
    supported: { 'bigint': true, 'object-rest-spread': true }, sourcemap: 'inline', sourcesContent: false, external: ['k6', 'k6/*'], metafile: true, logLevel: 'silent',
  })
  return { file: outFile, inputs: Object.keys(metafile.inputs) }
}
