/** How late a poll is at most after the machine slept: timers stand still meanwhile. */
const TICK_MS = 5_000
const SLOWING = 1.25
/** Pages that are due at the same moment do not all ask at the same moment. */
const SPREAD_MS = 3_000

type Pauses = {
  /** After a look that returned true, in milliseconds. */
  first: () => number
  /** Up to this they grow while looks return false. */
  most: number
  /** By which factor they grow. */
  slowing?: number
}

export type Polling = {
  /** Looks at once, in a tab that is shown. */
  lookNow: () => void
  stop: () => void
}

/**
 * Calls `look` again and again, never in a hidden tab; it returns whether to look again as soon as at
 * first, as after a change. Calls it at once when the tab is shown again, when the page comes back
 * from the back/forward cache, when the network does, and after "lapse:due", the end of a countdown.
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
  const lookNow = () => {
    pause = first()
    dueAt = Date.now()
    wait()
  }

  document.addEventListener("visibilitychange", () => !document.hidden && lookNow(), { signal })
  window.addEventListener("pageshow", ({ persisted }) => persisted && lookNow(), { signal })
  window.addEventListener("online", lookNow, { signal })
  document.addEventListener("lapse:due", () => setTimeout(lookNow, Math.random() * SPREAD_MS), {
    signal,
  })
  wait()
  return {
    lookNow,
    stop() {
      listeners.abort()
      clearTimeout(timer)
    },
  }
}
