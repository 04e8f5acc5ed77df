/** In milliseconds. Every connection of the app's pool asks the server for them as it begins. */
export const DB_TIMEOUTS = {
  statement_timeout: 30_000,
  // The locks of a process that vanished end before TCP notices.
  idle_in_transaction_session_timeout: 60_000,
}
