/**
 * A file as ConfigMaps. Kubernetes takes 1 MiB for each: what fits goes in as it is; what does not goes in compressed, in as many parts as it takes, and
 * an init container puts it together again (`manifests.ts`). Out: the manifests, and whether there is something to put together.
 */
import { gzipSync } from 'node:zlib'

export type Meta = { name: string; namespace: string; labels: Record<string, string> }
export type ConfigMap = { apiVersion: 'v1'; kind: 'ConfigMap'; metadata: Meta; data?: Record<string, string>; binaryData?: Record<string, string> }
export type PackedFile = { configMaps: ConfigMap[]; compressed: boolean }

/** 1 MiB less room for metadata; `binaryData` counts as base64. */
export const MAX_BYTES = 1_000_000

export function packFile(file: string, text: string, metadata: Meta, maxBytes = MAX_BYTES): PackedFile {
  const configMap = (name: string, content: Pick<ConfigMap, 'data' | 'binaryData'>): ConfigMap => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, name }, ...content })
  if (Buffer.byteLength(text) <= maxBytes) return { configMaps: [configMap(metadata.name, { data: { [file]: text } })], compressed: false }
  const bytes = gzipSync(text, { level: 9 })
  // Base64 writes three bytes in four characters.
  const partBytes = Math.floor(maxBytes / 4) * 3
  const parts = Array.from({ length: Math.ceil(bytes.length / partBytes) }, (_, at) => bytes.subarray(at * partBytes, (at + 1) * partBytes))
  return {
    // Three digits keep `cat file.gz.*` in order.
    configMaps: parts.map((part, at) => configMap(`${metadata.name}-${at + 1}`, { binaryData: { [`${file}.gz.${String(at).padStart(3, '0')}`]: part.toString('base64') } })),
    compressed: true,
  }
}
