/**
 * What a part of the container stack is, before anything starts: image, command, files, zones. Parts describe themselves with this; `index.ts` alone
 * knows how containers are made of it.
 */
export const ZONES = ['citizens-north', 'citizens-central', 'citizens-south', 'edge', 'portal', 'legacy', 'partners'] as const
/** A Docker network of the run. */
export type Zone = (typeof ZONES)[number]

/** `images/<name>.Dockerfile`, each from debian:bookworm-slim with packages of Debian. */
export type Image = 'node' | 'postgres' | 'edge' | 'resolver' | 'authority'
export const IMAGES: readonly Image[] = ['node', 'postgres', 'edge', 'resolver', 'authority']

export type ContainerSpec = {
  /** `edge-new`, `portal`, `resolver-north`, …: its name within the run, its host name and its log file. */
  name: string
  image: Image
  command: readonly string[]
  /** Written into the container before it starts; secrets come this way too, never by the command line or the environment. */
  files: readonly { path: string; content: string; mode?: number }[]
  zones: readonly { zone: Zone; address: string }[]
  capabilities?: readonly string[]
  memoryMb: number
  /** Directories and files of this machine; read only unless said. */
  mounts?: readonly { source: string; target: string; writable?: boolean }[]
  /** A volume of the run's own, made for it and removed with it. */
  volume?: { target: string; /** Then it lies in memory and can become full. */ limitMb?: number }
  /** `uid:gid`; the image's by default. */
  user?: string
  /** Nothing secret. */
  environment?: Readonly<Record<string, string>>
}
