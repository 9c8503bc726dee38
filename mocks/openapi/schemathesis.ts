/**
 * The independent OpenAPI fuzzer schemathesis (Python), in a virtual environment of its own below .cache/, made on first use through the ordinary client.
 * Where there is no Python or the packages cannot be had, the reason. For tests.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Json } from '../../contracts/partner-api/openapi/json-schema.ts'
import type { OpenApiDocument } from '../../contracts/partner-api/openapi.ts'

const CACHE = fileURLToPath(new URL('../../.cache/schemathesis', import.meta.url))
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url))
const CONFIG = fileURLToPath(new URL('schemathesis.toml', import.meta.url))
const INSTALL_TIMEOUT_MS = 240_000
const RUN_TIMEOUT_MS = 400_000

export type Fuzzer = { command: string } | { missing: string }
export type Fuzzed = { exitCode: number | null; output: string }

export async function provideSchemathesis({ cache = CACHE, python = 'python3' } = {}): Promise<Fuzzer> {
  const wanted = readFileSync(REQUIREMENTS, 'utf8')
  const command = join(cache, 'bin', 'schemathesis')
  const marker = join(cache, 'requirements.txt')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted && existsSync(command)) return { command }
  rmSync(cache, { recursive: true, force: true })
  const there = await run(python, ['-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'], INSTALL_TIMEOUT_MS)
  if (there.exitCode !== 0) return { missing: `no ${python} of 3.10 or later with venv${lastLine(there.output)}` }
  mkdirSync(cache, { recursive: true })
  const made = await run(python, ['-m', 'venv', cache], INSTALL_TIMEOUT_MS)
  if (made.exitCode !== 0) return { missing: `${python} -m venv failed${lastLine(made.output)}` }
  const installed = await run(join(cache, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS], INSTALL_TIMEOUT_MS)
  if (installed.exitCode !== 0) return { missing: `pip could not install requirements.txt${lastLine(installed.output)}` }
  writeFileSync(marker, wanted)
  return { command }
}

/**
 * All checks (schemathesis.toml) over what is served at the address; `callbackUrl` is the only address that requests name, `headers` go along with each. Exit
 * code 0: nothing found.
 */
export async function runSchemathesis(command: string, document: OpenApiDocument, url: string, callbackUrl: string, headers: Readonly<Record<string, string>> = {}): Promise<Fuzzed> {
  const directory = mkdtempSync(join(tmpdir(), 'schemathesis-'))
  try {
    const file = join(directory, 'openapi.json')
    writeFileSync(file, JSON.stringify(confined(document, callbackUrl)))
    return await run(command, [
      '--config-file', CONFIG, 'run', file, '--url', url, '--phases', 'examples,coverage,fuzzing', '--max-examples', '15', '--continue-on-failure',
      '--seed', '1', '--generation-deterministic', '--no-color', '--warnings', 'off',
      ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ], RUN_TIMEOUT_MS, directory)
  } finally { rmSync(directory, { recursive: true, force: true }) }
}

/** With a single address wherever a request may name one: a simulator calls what it is told to call. And without the answers that nobody asked it for. */
export function confined(document: OpenApiDocument, url: string): OpenApiDocument {
  const within = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(within)
    if (value === null || typeof value !== 'object') return value
    const schema = value as Json
    if (schema['type'] === 'string' && schema['format'] === 'uri') return { type: 'string', enum: [url] }
    return Object.fromEntries(Object.entries(schema).map(([name, inner]) => [name, typeof inner === 'string' && /[uU]rl$/.test(name) && /^https?:/.test(inner) ? url : within(inner)]))
  }
  const paths = Object.fromEntries(Object.entries(document.paths).map(([path, item]) => [path, Object.fromEntries(Object.entries(item).map(([method, operation]) =>
    [method, { ...operation, responses: withoutDefault(operation['responses'] as Json), ...(operation['parameters'] !== undefined && { parameters: within(operation['parameters']) }), ...(operation['requestBody'] !== undefined && { requestBody: within(operation['requestBody']) }) }]))]))
  const schemas = Object.fromEntries(Object.entries(document.components.schemas).map(([name, schema]) => [name, /Request\d*$/.test(name) ? within(schema) : schema]))
  return { ...document, paths, components: { ...document.components, schemas } } as OpenApiDocument
}

function withoutDefault({ default: _, ...listed }: Json): Json { return listed }

function run(command: string, args: readonly string[], timeoutMs: number, cwd?: string): Promise<Fuzzed> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, env: { ...process.env, PYTHONUTF8: '1', NO_PROXY: '127.0.0.1' } })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece: string) => { output += piece })
    child.on('error', (error) => resolve({ exitCode: null, output: `${output}${error.message}` }))
    child.on('close', (exitCode) => resolve({ exitCode, output }))
  })
}

function lastLine(output: string): string {
  const line = output.trim().split('\n').at(-1)
  return line ? `: ${line.slice(0, 200)}` : ''
}
