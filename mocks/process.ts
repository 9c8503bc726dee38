/**
 * The simulators as a child process: one SimulatorsConfig over IPC, one ProcessReply back (contracts/process.ts). Ends when the channel closes, so
 * that nothing outlives the parent, and on SIGTERM after closing cleanly.
 */
import { HarnessError, InputError } from '../contracts/error.ts'
import { SimulatorsConfig, type ProcessReply } from '../contracts/process.ts'
import { startSimulators, type RunningSimulators } from './index.ts'

let running: RunningSimulators | undefined

async function end(): Promise<never> {
  await running?.close()
  process.exit(0)
}

function reply(message: ProcessReply): void { process.send?.(message) }

process.once('disconnect', () => { process.exit(0) })
process.once('SIGTERM', () => { void end() })
// The terminal sends Ctrl-C to the whole group; the parent decides when its children end.
process.on('SIGINT', () => {})
process.once('message', (message) => {
  start(message).then(() => reply({ ready: true }), (error: unknown) => reply({ error: { code: codeOf(error), message: String((error as Error)?.message ?? error) } }))
})

async function start(message: unknown): Promise<void> {
  const config = SimulatorsConfig.safeParse(message)
  if (!config.success) throw new InputError([{ code: 'SIMULATORS_CONFIG_INVALID', what: config.error.message, mend: 'see SimulatorsConfig in contracts/process.ts' }])
  running = await startSimulators(config.data)
}

function codeOf(error: unknown): string {
  if (error instanceof HarnessError) return error.problem.code
  if (error instanceof InputError) return error.problems[0]?.code ?? 'INPUT_INVALID'
  return 'SIMULATORS_FAILED'
}
