/**
 * In milliseconds. Every connection asks the server for these when it opens. A request runs
 * statements of a few milliseconds; one that takes this long waits for a lock or for a disk.
 */
export const DB_TIMEOUTS = {
  statement_timeout: 5_000,
  // Releases the locks of a process that vanished, before TCP notices.
  idle_in_transaction_session_timeout: 10_000,
}

/** The statement timeout of work that no request waits for: the sweep and new partitions. */
export const LONG_STATEMENT_MS = 30_000

/**
 * How long the client waits, in milliseconds. A server that keeps its own timeout and still does not
 * answer is frozen or gone. Together less than 10 s: a request may wait for a connection and then
 * for its statement.
 */
export const CLIENT_TIMEOUTS = {
  /** To open a connection, or for a free one of the pool. */
  connect: 4_000,
  /** Longer than the statement timeout, without a byte from the server. */
  margin: 500,
  /** Between two questions on a connection that otherwise only listens or holds a lock. */
  ask: 3_000,
}
