import { z } from "zod"
import { RevokeSharesInput } from "#lib/shares/share.ts"
import { PlainText } from "#lib/text/plain-text.ts"
import { Uuid } from "#lib/uuid.ts"
import { MOST_ACTS } from "./panic-href.ts"

export const TARGETS = ["member", "file", "time", "all"] as const

const TimeText = z.string().max(40)

/** Audit entries of one revocation: an entry for each batch of thousands of shares. */
const Acts = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(Uuid).max(MOST_ACTS))

/** What the address of the page says: whose shares are to be revoked, or where to look for them. */
export const PanicQuery = z.object({
  what: z.enum(TARGETS).optional(),
  ownerId: Uuid.optional(),
  fileId: Uuid.optional(),
  /** A share whose files are offered. */
  shareId: Uuid.optional(),
  /** What is searched for. */
  q: PlainText.pipe(z.string().max(200)).optional(),
  from: TimeText.optional(),
  to: TimeText.optional(),
  /** What was done with them a moment ago. */
  acts: Acts.optional(),
})
export type PanicQuery = z.infer<typeof PanicQuery>

export type Selection =
  | { state: "none" }
  /** `problem` is the key of a message. */
  | { state: "invalid"; problem: "timesOrder" | "timesInvalid" }
  | { state: "chosen"; input: z.input<typeof RevokeSharesInput> }

/** The shares that a query selects. */
export function selectionOf({ what, ownerId, fileId, from, to }: PanicQuery): Selection {
  if (what === "all") return { state: "chosen", input: { all: true } }
  if (what === "member" && ownerId) return { state: "chosen", input: { ownerId } }
  if (what === "file" && fileId) return { state: "chosen", input: { fileId } }
  if (what === "time" && (from || to)) return between(from, to)
  return { state: "none" }
}

function between(from: string | undefined, to: string | undefined): Selection {
  const input = {
    ...(from ? { createdAfter: from } : {}),
    ...(to ? { createdBefore: to } : {}),
  }
  const parsed = RevokeSharesInput.safeParse(input)
  if (!parsed.success) return { state: "invalid", problem: "timesInvalid" }
  const { createdAfter, createdBefore } = parsed.data
  if (createdAfter && createdBefore && createdAfter >= createdBefore) {
    return { state: "invalid", problem: "timesOrder" }
  }
  return { state: "chosen", input }
}
