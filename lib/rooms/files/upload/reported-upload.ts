import "server-only"

/** An upload counts as paused after three missed heartbeats. */
const SILENT_SECONDS = 15
/** How long an upload that nobody reports counts as running: a program reports none. */
const UNREPORTED_SECONDS = 120

/**
 * How a browser reports an upload: now, no longer, or never since it began minutes ago. Null for
 * one that has just begun, and for a file that is not uploading.
 */
export type Reported = "now" | "silent" | "never" | null

/** In SQL: the Reported of a file. */
export const reported = (file: string) => `(CASE WHEN ${file}.status = 'uploading' THEN CASE
  WHEN ${file}.heartbeat_at > statement_timestamp() - interval '${SILENT_SECONDS} seconds' THEN 'now'
  WHEN ${file}.heartbeat_at IS NOT NULL THEN 'silent'
  WHEN ${file}.created_at < statement_timestamp() - interval '${UNREPORTED_SECONDS} seconds' THEN 'never'
  END END)`
