import { z } from "zod"
import { PlainText } from "#lib/adapters/text/plain-text.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import { RevokeSharesInput } from "#lib/rooms/shares/share.ts"
import { MAX_ACTS } from "./panic-href.ts"

export const TARGETS = ["member", "file", "time", "all"] as const

const TimeText = z.string().max(40)

/** The ids of the audit entries of one revocation, one for each batch of thousands of shares. */
const Acts = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(Uuid).max(MAX_ACTS))

/** The query parameters of the page: the selection of shares to revoke, or the search for it. */
export const PanicQuery = z.object({
  what: z.enum(TARGETS).optional(),
  ownerId: Uuid.optional(),
  fileId: Uuid.optional(),
  /** The share whose files can be selected. */
  shareId: Uuid.optional(),
  /** The search text. */
  q: PlainText.pipe(z.string().max(200)).optional(),
  from: TimeText.optional(),
  to: TimeText.optional(),
  /** The audit entries of the revocation that has just finished. */
  acts: Acts.optional(),
})
export type PanicQuery = z.infer<typeof PanicQuery>

type Selection =
  | { state: "none" }
  /** `problem` is a message key. */
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
