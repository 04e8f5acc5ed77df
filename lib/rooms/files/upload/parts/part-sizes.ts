import { SINGLE_PUT_BYTES } from "#lib/rooms/files/file.ts"

const MIB = 1024 ** 2

type Parts = { size: number; partSize: number }

/** Returns the size of all parts but the last: equal, for R2, and within the store's limit. */
export function partSizeOf(size: number, maxParts: number) {
  return Math.max(SINGLE_PUT_BYTES, Math.ceil(size / maxParts / MIB) * MIB)
}

/** An empty file has one empty part. */
export const partCountOf = ({ size, partSize }: Parts) => Math.max(1, Math.ceil(size / partSize))

/** Returns the number of bytes in one part. Part numbers start at 1. */
export function partBytes({ size, partSize }: Parts, partNumber: number) {
  return Math.min(partSize, size - (partNumber - 1) * partSize)
}
