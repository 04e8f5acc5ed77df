import "client-only"

/** Resolves after the delay, or earlier when `signal` aborts or `waker` gets a `wake` event. */
export function wait(
  ms: number,
  signal: AbortSignal,
  waker: Partial<EventTarget> = globalThis,
  wake = "online",
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", done)
      waker.removeEventListener?.(wake, done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener("abort", done)
    waker.addEventListener?.(wake, done)
  })
}
