import { invalidArgument, S3Error } from "../s3-error.ts"

/** The offsets of the first and the last byte, both included. */
export type ByteRange = { first: number; last: number }

/**
 * Parses a Range header, limited to the size. Returns null for a header that S3 ignores by sending
 * the whole object: several ranges, another unit, bad syntax. Refuses others with InvalidRange.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(" ", "") ?? "")
  if (!match) return null
  const [, from = "", to = ""] = match
  if (from === "" && to === "") return null
  const unsatisfiable = () =>
    new S3Error("InvalidRange", undefined, {
      RangeRequested: header ?? "",
      ActualObjectSize: size,
    })

  if (from === "") {
    if (size === 0 && Number(to) > 0) return null // an empty object has no range
    const length = Math.min(Number(to), size)
    if (length === 0) throw unsatisfiable()
    return { first: size - length, last: size - 1 }
  }
  const first = Number(from)
  const last = to === "" ? size - 1 : Math.min(Number(to), size - 1)
  if (to !== "" && Number(to) < first) return null
  if (first >= size) throw unsatisfiable()
  return { first, last }
}

/** Parses the range of an UploadPartCopy, which must be exact. */
export function parseCopyRange(header: string, size: number): ByteRange {
  const match = /^bytes=(\d+)-(\d+)$/.exec(header.trim())
  const first = Number(match?.[1])
  const last = Number(match?.[2])
  const refusal = (message: string) => invalidArgument(message, "x-amz-copy-source-range", header)
  if (!match || last < first)
    throw refusal(
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
    )
  if (last >= size) throw refusal(`Range specified is not valid for source object of size: ${size}`)
  return { first, last }
}
