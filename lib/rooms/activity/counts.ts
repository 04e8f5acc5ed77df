/** How often each kind of event happened on a share. */
export type Counts = {
  views: number
  claims: number
  /** Downloads that a ticket covered: further files, and repeated downloads of a file. */
  mints: number
  previews: number
}

export type NamedCounts = Counts & {
  /** The id of a file or link. "" stands for the others, "several" for claims of an earlier version. */
  id: string
  /** The current name of the file or recipient. */
  name: string | null
}

/**
 * The counts of a share since some hour; the names with most events come first, the others last.
 */
export type ShareCounts = {
  /**
   * The counts of the share's charts besides views: downloads, or the previews of a view-only
   * share, and the downloads from before it was view-only.
   */
  shown: ("downloads" | "previews")[]
  /**
   * Counts by quarter of an hour, in milliseconds since 1970; quarters without events are left out.
   */
  quarters: (Counts & { at: number })[]
  files: NamedCounts[]
  recipients: NamedCounts[]
  /** Events after this time are not counted yet; null if all are counted. */
  until: Date | null
}
