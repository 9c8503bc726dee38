/** Gathers the problems of several documents, so that the operator sees all of them at once. */
import { InputError, type Problem } from '../../contracts/error.ts'

export class Problems {
  readonly all: Problem[] = []

  /** The work's value, or undefined where it threw problems; other errors pass through. */
  try<T>(work: () => T): T | undefined {
    try { return work() } catch (error) {
      if (!(error instanceof InputError)) throw error
      this.all.push(...error.problems)
      return undefined
    }
  }

  add(...problems: readonly Problem[]): void { this.all.push(...problems) }

  throwIfAny(): void { if (this.all.length > 0) throw new InputError(this.all) }
}
