import "client-only"
import type { PartPosition } from "../hashing/hasher.ts"
import type { Multipart } from "../upload-protocol.ts"

/** How a file is divided into parts, numbered from 1. Sizes are bytes. */
export type PartLayout = {
  partCount: number
  checksums: boolean
  slice: (partNumber: number) => Blob
  positionOf: (partNumber: number) => PartPosition
  sizeOf: (partNumber: number) => number
  totalSizeOf: (partNumbers: Iterable<number>) => number
}

/** Divides a file into parts without reading it: slices are read while they are sent. */
export function layoutParts(body: Blob, { partSize, partCount, checksums }: Multipart): PartLayout {
  const start = (partNumber: number) => (partNumber - 1) * partSize
  const end = (partNumber: number) => Math.min(body.size, partNumber * partSize)
  const sizeOf = (partNumber: number) => end(partNumber) - start(partNumber)
  return {
    partCount,
    checksums,
    slice: (partNumber) => body.slice(start(partNumber), end(partNumber)),
    positionOf: (partNumber) => ({ file: body, offset: start(partNumber) }),
    sizeOf,
    totalSizeOf(partNumbers) {
      let bytes = 0
      for (const partNumber of partNumbers) bytes += sizeOf(partNumber)
      return bytes
    },
  }
}
