import "client-only"

/** Creates a timer that aborts its signal if it runs for `ms` without being stopped. */
export function createWatchdog(ms: number) {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => clearTimeout(timer)
  return {
    signal: controller.signal,
    stop,
    start() {
      stop()
      timer = setTimeout(() => controller.abort(), ms)
    },
  }
}

export type Watchdog = ReturnType<typeof createWatchdog>
