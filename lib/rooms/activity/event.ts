import "server-only"
import { z } from "zod"

const EVENT_KINDS = [
  "view",
  "bot_view",
  "claim",
  "mint",
  "preview",
  "thumbnail",
  "unlock",
  "unlock_failed",
  "refused",
] as const
export type EventKind = (typeof EVENT_KINDS)[number]

/** An event of a link, as the API shows it. */
export const EventView = z.strictObject({
  id: z.uuid(),
  /** ISO 8601 UTC. */
  at: z.iso.datetime(),
  kind: z.enum(EVENT_KINDS),
  /** Whether it repeats a preview of the same visit, and so is not counted. */
  again: z.boolean(),
  /** Null unless the event is about a single file. */
  file: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  /**
   * The number of files that a claim or a mint handed out; null for all that were ready. A claim of a
   * view-only share hands out none. Null for other events.
   */
  fileCount: z.int().nullable(),
  /** The recipient whose link it was; null for the open link, and once erased. */
  recipient: z.string().nullable(),
  /** A coarse name: "Chrome on Android", "curl", "bot: Slackbot". */
  agent: z.string().nullable(),
  /** The host of the Referer header. */
  referrer: z.string().nullable(),
  /** Equal for the same visitor of the same link on the same UTC day; null if it was not stored. */
  visitor: z.string().nullable(),
})
export type EventView = z.infer<typeof EventView>
