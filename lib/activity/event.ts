export type EventKind =
  | "view"
  | "bot_view"
  | "claim"
  | "mint"
  | "unlock"
  | "unlock_failed"
  | "refused"

/** Something that happened on a link, as the API shows it. */
export type EventView = {
  id: string
  /** ISO 8601 UTC. */
  at: string
  kind: EventKind
  /** Null when it was about no single file. */
  file: { id: string; name: string } | null
  /** Coarse: "Chrome on Android", "curl", "bot: Slackbot". */
  agent: string | null
  /** Host of the Referer. */
  referrer: string | null
  /** The same for the same visitor of the same link on the same UTC day; null where none was kept. */
  visitor: string | null
}
