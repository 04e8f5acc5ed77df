/** How often something happened on a share. */
export type Counts = {
  views: number
  claims: number
  /** Downloads that a ticket covered: further files, and the same once more. */
  mints: number
  previews: number
}

export type NamedCounts = Counts & {
  /** The id of a file or link; "" are the others, of files also "all" and "several" at once. */
  id: string
  /** The file's or recipient's name now. */
  name: string | null
}

/** What happened on a share since some hour; the names with most events first, the others last. */
export type ShareCounts = {
  /** By quarters of hours, in milliseconds since 1970; those without events are left out. */
  quarters: (Counts & { at: number })[]
  files: NamedCounts[]
  recipients: NamedCounts[]
  /** Later events are not counted yet; null: all are. */
  until: Date | null
}
