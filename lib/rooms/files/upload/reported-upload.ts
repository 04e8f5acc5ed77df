import "server-only"

/** An upload counts as paused after three missed heartbeats. */
const SILENT_SECONDS = 15

/**
 * Whether a browser has recently reported that a file is uploading; null for a file that is not
 * uploading, and for an upload that no browser has ever reported, such as a program's.
 */
export const isReported = (file: string) => `(CASE WHEN ${file}.status = 'uploading'
  THEN ${file}.heartbeat_at > statement_timestamp() - interval '${SILENT_SECONDS} seconds' END)`
