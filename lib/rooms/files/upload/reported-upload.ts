import "server-only"

/** An upload counts as paused after three missed heartbeats. */
const SILENT_SECONDS = 15

/**
 * Whether a browser reports that the upload of a file is under way; null for a file that is not
 * uploading, and for an upload that no browser ever reported, such as one by a program.
 */
export const isReported = (file: string) => `(CASE WHEN ${file}.status = 'uploading'
  THEN ${file}.heartbeat_at > statement_timestamp() - interval '${SILENT_SECONDS} seconds' END)`
