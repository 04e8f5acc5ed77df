import "server-only"
import type { VisitorSource } from "../visitor/visitor-source.ts"

/** The columns of the event that a row may cause: its id and its VisitorSource. */
export const EVENT = {
  eventId: "uuid[]",
  agent: "text[]",
  referrer: "text[]",
  visitor: "bytea[]",
} as const

export const eventColumns = (eventId: string, source: VisitorSource | null) => ({
  eventId,
  agent: source?.agent ?? null,
  referrer: source?.referrer ?? null,
  visitor: source?.visitor ?? null,
})

/** The file of an event if the row requests exactly one. */
export const onlyFile = `CASE WHEN cardinality(file_ids) = 1 AND file_refusal IS DISTINCT FROM 'missing'
    THEN file_ids[1] END`

/**
 * The files of an event about many, from the row with its decision: null for one file and for all
 * files of the share, an empty list if no URL is handed out.
 */
export const someFiles = (row: string) => `CASE WHEN ${row}.view_only THEN '{}'
    WHEN cardinality(file_ids) > 1 AND cardinality(file_ids) < (SELECT count(*) FROM share_file sf
      WHERE sf.share_id = ${row}.share_id AND sf.removed_at IS NULL) THEN file_ids END`

/** A random counter row of a share, so that simultaneous claims rarely wait for one row. */
export const anyShard = () => Math.floor(Math.random() * 8)
