#!/usr/bin/env node
/** The `tongduyet` command: hands the real world to `run` and sets the exit code (design section 5). */
import { run } from './run.ts'
import { realWorld } from './world.ts'

// Whoever reads the output may stop before its end (`| head`): no reason to end a run, and no fault of the harness.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') throw error })
}

process.exitCode = await run(process.argv.slice(2), realWorld())
