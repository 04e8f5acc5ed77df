export type EventKind =
  | "view"
  | "bot_view"
  | "claim"
  | "mint"
  | "preview"
  | "thumbnail"
  | "unlock"
  | "unlock_failed"
  | "refused"

export type EventView = {
  id: string
  /** ISO 8601 UTC. */
  at: string
  kind: EventKind
  /** Whether it repeats a preview in the same visit, so that it is not counted. */
  again: boolean
  /** Null unless the event is about a single file. */
  file: { id: string; name: string } | null
  /** How many files it handed out; null for all that were ready, and for other events. */
  fileCount: number | null
  /** The client in a few words: "Chrome on Android", "curl", "bot: Slackbot". */
  agent: string | null
  /** The host of the Referer header. */
  referrer: string | null
  /** Equal for the same visitor of the same link on the same UTC day; null if it was not stored. */
  visitor: string | null
}
