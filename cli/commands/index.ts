/** The commands, in the order of `--help`. A new command is one file and one line here. */
import { conform } from './conform.ts'
import type { CommandDefinition } from './command.ts'
import { doctor } from './doctor.ts'
import { flows } from './flows.ts'
import { incidents } from './incidents.ts'
import { judge } from './judge.ts'
import { load } from './load.ts'
import { lint } from './lint.ts'
import { mocks } from './mocks.ts'
import { partners } from './partners.ts'
import { rehearse } from './rehearse.ts'
import { report } from './report.ts'
import { stack } from './stack.ts'
import { verify } from './verify.ts'

export const COMMANDS: readonly CommandDefinition[] = [rehearse, load, stack, judge, report, mocks, lint, incidents, partners, flows, doctor, conform, verify]
