/**
 * The recipes for CI in docs/ci/: each fits a schema of what it uses (written here after GitHub's workflow syntax and GitLab's CI/CD YAML syntax reference; the
 * official JSON Schemas are not kept in this repository), and what it runs and publishes is really there.
 */
import { Command } from 'commander'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { COMMANDS } from '../cli/commands/index.ts'
import { runFolder } from '../contracts/run-folder.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (name: string) => parse(readFileSync(join(root, 'docs', 'ci', name), 'utf8')) as unknown

const Scalar = z.union([z.string(), z.number(), z.boolean()])
const Step = z.strictObject({
  'name': z.string().optional(), 'if': z.string().optional(), 'uses': z.string().regex(/^[\w.-]+\/[\w./-]+@v\d+(?:\.\d+)*$/).optional(), 'run': z.string().optional(), 'with': z.record(z.string(), Scalar).optional(),
  'env': z.record(z.string(), Scalar).optional(), 'id': z.string().optional(), 'shell': z.string().optional(), 'working-directory': z.string().optional(), 'continue-on-error': z.boolean().optional(), 'timeout-minutes': z.number().optional(),
}).refine((step) => (step.uses === undefined) !== (step.run === undefined), 'a step either uses an action or runs a command')
const Branches = z.strictObject({ branches: z.array(z.string()).optional(), tags: z.array(z.string()).optional(), paths: z.array(z.string()).optional() }).nullable()
const GithubWorkflow = z.strictObject({
  name: z.string(),
  on: z.strictObject({ push: Branches.optional(), pull_request: Branches.optional(), workflow_dispatch: z.null().optional(), schedule: z.array(z.strictObject({ cron: z.string() })).optional() }),
  permissions: z.partialRecord(z.enum(['contents', 'checks', 'pull-requests', 'actions']), z.enum(['read', 'write', 'none'])),
  concurrency: z.strictObject({ 'group': z.string(), 'cancel-in-progress': z.boolean().optional() }).optional(),
  env: z.record(z.string(), Scalar).optional(),
  jobs: z.record(z.string().regex(/^[A-Za-z_][\w-]*$/), z.strictObject({ 'name': z.string().optional(), 'runs-on': z.string(), 'needs': z.array(z.string()).optional(), 'timeout-minutes': z.number().positive(), 'env': z.record(z.string(), Scalar).optional(), 'steps': z.array(Step).min(1) })),
})

const Rule = z.strictObject({ if: z.string().optional(), when: z.enum(['always', 'never', 'on_success', 'manual']).optional(), changes: z.array(z.string()).optional() })
const Job = z.strictObject({
  stage: z.string(), image: z.string(), timeout: z.string().regex(/^\d+ (?:minutes|hours?)$/), interruptible: z.boolean().optional(), needs: z.array(z.string()).optional(), rules: z.array(Rule).optional(),
  cache: z.strictObject({ key: z.union([z.string(), z.strictObject({ files: z.array(z.string()).min(1).max(2) })]), paths: z.array(z.string()).min(1) }).optional(),
  variables: z.record(z.string(), Scalar).optional(), before_script: z.array(z.string()).optional(), script: z.array(z.string()).min(1), after_script: z.array(z.string()).optional(),
  allow_failure: z.union([z.boolean(), z.strictObject({ exit_codes: z.union([z.int(), z.array(z.int()).min(1)]) })]).optional(),
  artifacts: z.strictObject({
    when: z.enum(['on_success', 'on_failure', 'always']), expire_in: z.string(), expose_as: z.string().regex(/^[\w -]+$/).optional(),
    // Paths that are exposed may hold no pattern.
    paths: z.array(z.string().regex(/^[^*$]+$/)).min(1), exclude: z.array(z.string()).min(1).optional(), reports: z.strictObject({ junit: z.union([z.string(), z.array(z.string()).min(1)]) }),
  }),
})
const GitlabPipeline = z.object({ stages: z.array(z.string()).min(1), workflow: z.strictObject({ rules: z.array(Rule).min(1) }).optional() }).catchall(Job)

/** Commands of `npm run tongduyet -- X` and `npm run X`. */
function commandsIn(text: string): { script: string; command: string | undefined }[] {
  return [...text.matchAll(/npm run ([\w:]+)(?: -- (.*))?/g)].map((match) => ({ script: match[1]!, command: match[1] === 'tongduyet' ? match[2]?.split(' ')[0] : undefined }))
}

const known = (() => {
  const program = new Command()
  for (const command of COMMANDS) command.register(program, async () => {})
  return program.commands.map((command) => command.name())
})()
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

/** `compare` is run only where the product has it. */
const GUARDED = ['compare']

describe.each([['github-actions.yml', GithubWorkflow], ['gitlab-ci.yml', GitlabPipeline]] as const)('%s', (name, schema) => {
  const text = readFileSync(join(root, 'docs', 'ci', name), 'utf8')

  it('fits its schema', () => { expect(schema.safeParse(read(name)).error?.issues).toBeUndefined() })

  it('a slip is noticed', () => {
    for (const [right, wrong] of [['timeout', 'timeot'], ['stages:', 'stage:'], ['runs-on', 'run-on'], ['artifacts:', 'artefacts:'], ['uses: actions/checkout@v4', 'uses: actions/checkout']] as const) {
      if (text.includes(right)) expect(schema.safeParse(parse(text.replace(right, wrong))).success, wrong).toBe(false)
    }
  })

  it('runs what there is', () => {
    const commands = commandsIn(text)
    expect(commands.map(({ script }) => script)).toContain('rehearse')
    for (const { script, command } of commands) {
      expect(Object.keys(scripts)).toContain(script)
      if (command !== undefined && !(GUARDED.includes(command) && text.includes(`cli/commands/${command}.ts`))) expect(known).toContain(command)
    }
    expect(text).toContain('npm run rehearse -- --profile smoke --out rehearsal')
  })

  it('publishes JUnit and the report page, whatever the verdict', () => {
    const folder = runFolder('rehearsal/*')
    expect(text).toMatch(/always/)
    expect(text).toContain(name === 'gitlab-ci.yml' ? `${folder.report}/junit.xml` : `${folder.report}/`)
    if (name === 'github-actions.yml') for (const file of [folder.plan, folder.verdict, folder.findings, folder.outcome, folder.journal, folder.logs]) expect(text).toContain(file)
  })
})
