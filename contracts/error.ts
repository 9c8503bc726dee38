/**
 * The three kinds of trouble, never mixed: the operator's mistake (`InputError`: problems with code, place and mend, exit 254),
 * a fault of the harness or its machine (`HarnessError`: exit 255), a fault of the system under test (a finding, never an exception).
 */
export type Problem = {
  /** UPPER_SNAKE, stable, listed in docs/errors.md. */
  code: string
  /** What is wrong, naming the thing and the wrong value. */
  what: string
  /** `file:line:column path` or what else leads to the place. */
  where?: string
  /** What to do; allowed values; did-you-mean. */
  mend: string
}

export function formatProblem(problem: Problem): string {
  return [`${problem.code}: ${problem.what}`, problem.where, problem.mend].filter(Boolean).join(' · ')
}

/** One or more mistakes of the operator; nothing was started. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'))
    this.problems = problems
  }
}

/** The harness or the machine under it failed; what was started has been stopped. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError'
  readonly problem: Problem
  constructor(problem: Problem, options?: ErrorOptions) {
    super(formatProblem(problem), options)
    this.problem = problem
  }
}

export const EXIT = { pass: 0, fail: 1, inconclusive: 2, interrupted: 130, badInput: 254, harnessFault: 255 } as const
