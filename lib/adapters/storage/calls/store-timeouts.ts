import "server-only"

/** How long the app waits for the store, in milliseconds. */
export const STORE_TIMEOUTS = {
  /** To open a connection. */
  connect: 5_000,
  /** For the answer to one attempt. A second attempt still fits into the total. */
  attempt: 6_000,
  /** For one call with all its attempts. */
  total: 13_000,
  /** For one write or read of a tag. A write is not retried. */
  tag: 4_000,
  /** For a URL that a cut off or a probe tries. */
  probe: 3_000,
  /** For a call that works on all bytes of an object. No request waits for it that long. */
  long: 10 * 60_000,
  /**
   * After this time a retry sends such a call again, because the connection of the first may be
   * dead.
   */
  resend: 60_000,
}

/** The timeouts of calls for which no user's request waits. */
export const long = () => ({
  requestTimeout: STORE_TIMEOUTS.long,
  abortSignal: AbortSignal.timeout(STORE_TIMEOUTS.long),
})
