import "client-only"

/** Aborts its signal when it was started and not stopped for so long. */
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
