/** All ways to act on a system that has no administration interface of ours. */
import { commandWay } from './command.ts'
import { confirmWay } from './confirm.ts'
import type { Way } from './control.ts'
import { httpWay } from './http.ts'

export const WAYS: readonly Way[] = [commandWay, httpWay, confirmWay]
