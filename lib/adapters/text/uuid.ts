import "server-only"
import { z } from "zod"

/** A UUID (RFC 9562) in its usual form, in lower case. */
export const Uuid = z.uuid().toLowerCase()

/** Removes duplicates from a list of ids. The given list limits their number. */
export const Uuids = (list: z.ZodArray<typeof Uuid>) => list.transform((ids) => [...new Set(ids)])

const PATTERN = z.regexes.uuid()

/** Whether a text is a UUID. PostgreSQL reports an error when comparing a UUID with other text. */
export const isUuid = (text: string) => PATTERN.test(text)

/** Makes a version 7 UUID. Later ids sort later. */
export function newId(now = Date.now()) {
  const time = now.toString(16).padStart(12, "0")
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`
}

/** Makes ids that sort in their order, although they are of the same millisecond. */
export const newIds = (count: number) => Array.from({ length: count }, () => newId()).sort()
