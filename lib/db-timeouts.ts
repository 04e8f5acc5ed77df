/** In milliseconds. Every connection of the app's pool asks the server for them when it opens. */
export const DB_TIMEOUTS = {
  statement_timeout: 30_000,
  // Releases the locks of a process that vanished, before TCP notices.
  idle_in_transaction_session_timeout: 60_000,
}
