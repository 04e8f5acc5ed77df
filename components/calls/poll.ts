/** The longest delay after the machine slept: timers stop during sleep. */
const TICK_MS = 5_000
const SLOWING = 1.25
/** Random delay, so that pages that are due at the same moment do not all poll together. */
const SPREAD_MS = 3_000

type Pauses = {
  /** The pause in milliseconds after a poll that returned true. */
  first: () => number
  /** The longest pause, which is reached while polls return false. */
  most: number
  /** The factor by which the pauses grow. */
  slowing?: number
}

export type Polling = {
  /** Polls at once if the tab is visible. */
  pollNow: () => void
  stop: () => void
}

/**
 * Calls `look` repeatedly, never in a hidden tab. `look` returns true to start again with the
 * shortest pause, as after a change. Also calls it at once when the tab becomes visible, when the
 * page returns from the back/forward cache, when the network returns, and after "lapse:due", the
 * end of a countdown.
 */
export function poll(
  { first, most, slowing = SLOWING }: Pauses,
  look: () => Promise<boolean>,
): Polling {
  const listeners = new AbortController()
  const { signal } = listeners
  let pause = first()
  let dueAt = Date.now() + pause
  let isLooking = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const wait = () => {
    clearTimeout(timer)
    if (document.hidden || isLooking || signal.aborted) return
    timer = setTimeout(tick, Math.max(0, Math.min(TICK_MS, dueAt - Date.now())))
  }
  const tick = async () => {
    if (!document.hidden && Date.now() >= dueAt) {
      isLooking = true
      pause = (await look()) ? first() : Math.min(most, pause * slowing)
      isLooking = false
      dueAt = Date.now() + pause
    }
    wait()
  }
  const pollNow = () => {
    pause = first()
    dueAt = Date.now()
    wait()
  }

  document.addEventListener("visibilitychange", () => !document.hidden && pollNow(), { signal })
  window.addEventListener("pageshow", ({ persisted }) => persisted && pollNow(), { signal })
  window.addEventListener("online", pollNow, { signal })
  document.addEventListener("lapse:due", () => setTimeout(pollNow, Math.random() * SPREAD_MS), {
    signal,
  })
  wait()
  return {
    pollNow,
    stop() {
      listeners.abort()
      clearTimeout(timer)
    },
  }
}
