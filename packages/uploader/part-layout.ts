import "client-only"
import type { UploadView } from "#lib/files/file.ts"
import type { Place } from "./hasher.ts"

/** How a file is cut into parts. */
export type PartsMeasure = {
  partCount: number
  /** Whether every part must be asked for with its SHA-256. */
  checksums: boolean
  slice: (partNumber: number) => Blob
  placeOf: (partNumber: number) => Place
  sizeOf: (partNumber: number) => number
  bytesOf: (partNumbers: Iterable<number>) => number
}

type Parts = Extract<UploadView, { method: "multipart" }>

/** No part is in memory: a slice of a picked file is read while it is sent. */
export function measureParts(body: Blob, { partSize, partCount, checksums }: Parts): PartsMeasure {
  const start = (partNumber: number) => (partNumber - 1) * partSize
  const end = (partNumber: number) => Math.min(body.size, partNumber * partSize)
  const sizeOf = (partNumber: number) => end(partNumber) - start(partNumber)
  return {
    partCount,
    checksums,
    slice: (partNumber) => body.slice(start(partNumber), end(partNumber)),
    placeOf: (partNumber) => ({ of: body, at: start(partNumber) }),
    sizeOf,
    bytesOf(partNumbers) {
      let bytes = 0
      for (const partNumber of partNumbers) bytes += sizeOf(partNumber)
      return bytes
    },
  }
}
