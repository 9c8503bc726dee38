/** For tests on real containers: why they cannot run here, and a look into the containers of a run. */
import { HarnessError } from '../../../contracts/error.ts'
import { connectDocker, type Docker } from '../docker.ts'
import { findOwned, RUN_LABEL } from '../ownership.ts'

/** Null where Docker answers: `beforeEach(({ skip }) => skip(WHY_NOT !== null, WHY_NOT))`. */
export const WHY_NOT: string | null = await connectDocker().then(() => null, (error: unknown) => error instanceof HarnessError ? error.problem.what : String(error))

/** Names of all that a run has on the engine. */
export async function thingsOf(docker: Docker, runId: string): Promise<string[]> {
  const { containers, networks, volumes } = await findOwned(docker, `${RUN_LABEL}=${runId}`)
  return [...containers, ...networks, ...volumes].map(({ name }) => name).toSorted()
}

let runs = 0
export function testRunId(): string { return `test-${process.pid}-${Date.now().toString(36)}-${runs += 1}` }
