/** In milliseconds. Every connection of the app's pool sets them when it starts. */
export const DB_TIMEOUTS = {
  statement_timeout: 30_000,
  // Ends the locks of a process that vanished before TCP notices.
  idle_in_transaction_session_timeout: 60_000,
}
