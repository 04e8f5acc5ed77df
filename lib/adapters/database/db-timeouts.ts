/**
 * Timeouts in milliseconds that every connection sets on the server when it opens. A request runs
 * statements of a few milliseconds, so one that times out was waiting for a lock or a disk.
 */
export const DB_TIMEOUTS = {
  statement_timeout: 5_000,
  // Releases the locks of a process that has vanished, before TCP notices it.
  idle_in_transaction_session_timeout: 10_000,
}

/** The statement timeout of work that no request waits for: the sweep and new partitions. */
export const LONG_STATEMENT_MS = 30_000

/**
 * How long the client waits, in milliseconds. A server that exceeds its own timeout without
 * answering is frozen or unreachable. Together they stay below 10 s, because a request may wait for
 * a connection and then for its statement.
 */
export const CLIENT_TIMEOUTS = {
  /** To open a connection, or to get a free one from the pool. */
  connect: 4_000,
  /** Added to the statement timeout, to get the longest time without a byte from the server. */
  margin: 500,
  /** The interval between checks of a connection that otherwise only listens or holds a lock. */
  ask: 3_000,
}
