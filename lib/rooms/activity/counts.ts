/** How often each kind of event happened on a share. */
export type Counts = {
  views: number
  claims: number
  /** Downloads that a ticket covered: additional files, and repeated downloads of a file. */
  mints: number
  previews: number
}

export type NamedCounts = Counts & {
  /** The id of a file or link. "" is for the others, "several" for an earlier version's claims. */
  id: string
  /** The current name of the file or recipient. */
  name: string | null
}

/** The counts of a share since some hour; names with most events first, the others last. */
export type ShareCounts = {
  /**
   * The counts that the share's charts show besides views: downloads, or for a view-only share the
   * previews, and downloads from before it was view-only.
   */
  shown: ("downloads" | "previews")[]
  /** Counts by quarter of an hour, in milliseconds since 1970; empty quarters are left out. */
  quarters: (Counts & { at: number })[]
  files: NamedCounts[]
  recipients: NamedCounts[]
  /** Events after this time are not counted yet; null if all are counted. */
  until: Date | null
}
