import "server-only"

/** How long the app waits for the store, in milliseconds. */
export const STORE_TIMEOUTS = {
  /** To open a connection. */
  connect: 5_000,
  /** For the answer to one attempt. The total allows a second attempt. */
  attempt: 6_000,
  /** For one call, including all its attempts. */
  total: 13_000,
  /** For one write or read of a tag. A write is not retried. */
  tag: 4_000,
  /** For a test of a URL in a cut off or a probe. */
  probe: 3_000,
  /** For a call that processes all bytes of an object. No request waits that long for it. */
  long: 10 * 60_000,
  /** After this time a retry sends the call again: the first connection may be dead. */
  resend: 60_000,
}

/** The timeouts of calls that no user's request waits for. */
export const long = () => ({
  requestTimeout: STORE_TIMEOUTS.long,
  abortSignal: AbortSignal.timeout(STORE_TIMEOUTS.long),
})
