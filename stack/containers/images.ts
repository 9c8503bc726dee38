/**
 * The images of the stack: each from `images/<name>.Dockerfile`, tagged by the hash of that file and of what it copies, built once and kept.
 * IMAGE_NOT_BUILT carries the end of what the build said.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { HarnessError } from '../../contracts/error.ts'
import type { StackEvent } from '../../contracts/stack.ts'
import { diskFull, dockerError, isGone, saysDiskFull, type Docker, type Engine } from './docker.ts'
import type { Image } from './spec.ts'

export const IMAGES_DIRECTORY = fileURLToPath(new URL('./images/', import.meta.url))
const SAID_LINES = 12
const BUILD_WITHIN_MS = 15 * 60_000

/** What a run needs for its databases, and what the images take beside. */
const NEEDED_BYTES = { built: 1 * 1024 ** 3, notBuilt: 3 * 1024 ** 3 }

export async function missingImages(docker: Docker, images: readonly Image[]): Promise<{ missing: Image[]; neededBytes: number }> {
  const missing: Image[] = []
  for (const image of images) if (!await isBuilt(docker, tagOf(image))) missing.push(image)
  return { missing, neededBytes: missing.length > 0 ? NEEDED_BYTES.notBuilt : NEEDED_BYTES.built }
}

/** Builds what is missing; tags by image. */
export async function provideImages(engine: Engine, images: readonly Image[], { signal, onProgress }: { signal: AbortSignal; onProgress: (event: StackEvent) => void }): Promise<Record<Image, string>> {
  const { docker } = engine
  const { missing, neededBytes } = await missingImages(docker, images)
  const free = await engine.freeBytes()
  if (free !== null && free < neededBytes) {
    throw new HarnessError({
      code: 'DOCKER_DISK_FULL', what: `${(free / 1024 ** 3).toFixed(2)} GiB are free where Docker keeps its data; the stack needs ${neededBytes / 1024 ** 3} GiB${missing.length > 0 ? ' while its images are not built' : ''}`,
      mend: 'free space there (docker system df shows what takes it)',
    })
  }
  for (const image of missing) {
    onProgress({ kind: 'preparing', what: 'image', name: image })
    await buildImage(docker, image, { signal })
  }
  return Object.fromEntries(images.map((image) => [image, tagOf(image)])) as Record<Image, string>
}

/** The Dockerfile and the files beside it that it copies: nothing else reaches the build. */
function contextOf(image: Image, directory: string): string[] {
  const dockerfile = `${image}.Dockerfile`
  const text = readFileSync(join(directory, dockerfile), 'utf8')
  const copied = [...text.matchAll(/^COPY +(?:--\S+ +)*(.+) +\S+ *$/gmu)].flatMap((match) => match[1]!.split(/ +/u)).map((source) => source.replace(/\/$/u, ''))
  const beside = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
  return [dockerfile, ...beside.filter((name) => copied.some((source) => name === source || name.startsWith(`${source}/`))).toSorted()]
}

export function tagOf(image: Image, directory: string = IMAGES_DIRECTORY): string {
  const hash = createHash('sha256')
  for (const name of contextOf(image, directory)) hash.update(`${name}\0`).update(readFileSync(join(directory, name))).update('\0')
  return `tongduyet/${image}:${hash.digest('hex').slice(0, 16)}`
}

export async function isBuilt(docker: Docker, tag: string): Promise<boolean> {
  try {
    await docker.getImage(tag).inspect()
    return true
  } catch (error) {
    if (isGone(error)) return false
    throw dockerError(`looking for the image ${tag}`, error)
  }
}

export async function buildImage(docker: Docker, image: Image, { signal, directory = IMAGES_DIRECTORY }: { signal?: AbortSignal | undefined; directory?: string }): Promise<string> {
  const tag = tagOf(image, directory)
  const said: string[] = []
  const giveUp = AbortSignal.any([AbortSignal.timeout(BUILD_WITHIN_MS), ...signal ? [signal] : []])
  let failed: string | undefined
  try {
    const stream = await docker.buildImage({ context: directory, src: contextOf(image, directory) }, {
      t: tag, dockerfile: `${image}.Dockerfile`, labels: { 'tongduyet.image': image }, rm: true, forcerm: true, version: '1', abortSignal: giveUp,
    }) as Readable
    const lines = createInterface(stream)
    lines.on('line', (line) => {
      const { stream: text, status, error } = readMessage(line)
      if (error !== undefined) failed = error
      for (const piece of (text ?? status ?? error ?? '').split('\n')) if (piece.trim() !== '') said.push(piece.trim())
      said.splice(0, said.length - SAID_LINES)
    })
    await Promise.all([once(lines, 'close'), finished(stream)])
  } catch (error) {
    signal?.throwIfAborted()
    if ((error as { statusCode?: number }).statusCode === undefined) throw dockerError(`building the image ${image}`, error)
    failed = (error as Error).message
  }
  signal?.throwIfAborted()
  if (failed === undefined && await isBuilt(docker, tag)) return tag
  throw notBuilt(image, failed ?? 'the build ended without an image', said, directory)
}

function readMessage(line: string): { stream?: string; status?: string; error?: string } {
  try { return JSON.parse(line) as object } catch { return {} }
}

function notBuilt(image: Image, why: string, said: readonly string[], directory: string): HarnessError {
  // Whether the engine itself says it or a program in the build: it is the same disk.
  const full = [why, ...said].find(saysDiskFull)
  if (full !== undefined) return diskFull(`building the image ${image}`, full)
  return new HarnessError({
    code: 'IMAGE_NOT_BUILT', what: `the image "${image}" was not built: ${why}; the end of what the build said: ${said.join(' | ').slice(-1_500)}`, where: join(directory, `${image}.Dockerfile`),
    mend: 'the build needs the base image debian:bookworm-slim and the network to Debian\'s packages; --target embedded needs no images',
  })
}
