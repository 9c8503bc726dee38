#!/usr/bin/env node
/** The `tongduyet` command: hands the real world to `run` and sets the exit code (design section 5). */
import { run } from './run.ts'
import { realWorld } from './world.ts'

process.exitCode = await run(process.argv.slice(2), realWorld())
