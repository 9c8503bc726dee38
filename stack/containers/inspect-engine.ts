/** What the Docker engine has of what the container stack needs, looked at without changing anything; the problem where none answers. */
import { HarnessError, type Problem } from '../../contracts/error.ts'
import { connectDocker } from './docker.ts'
import { isBuilt, missingImages } from './images.ts'
import { IMAGES } from './spec.ts'

export type EngineState = { version: string; freeBytes: number | null; neededBytes: number; missingImages: string[]; /** The image that all others start from. */ base: boolean }

const BASE = 'debian:bookworm-slim'

export async function inspectEngine(): Promise<EngineState | { problem: Problem }> {
  try {
    const engine = await connectDocker()
    const { missing, neededBytes } = await missingImages(engine.docker, IMAGES)
    return { version: engine.version, freeBytes: await engine.freeBytes(), neededBytes, missingImages: missing, base: await isBuilt(engine.docker, BASE) }
  } catch (error) {
    if (error instanceof HarnessError) return { problem: error.problem }
    throw error
  }
}
