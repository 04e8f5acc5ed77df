/** How late a poll is at most after the machine slept: timers stand still meanwhile. */
const TICK_MS = 5_000
const SLOWING = 1.25
/** Pages that are due at the same moment do not all ask at the same moment. */
const SPREAD_MS = 3_000

type Pauses = {
  /** After the page has changed, in milliseconds. */
  first: () => number
  /** Up to this they grow while nothing changes. */
  most: number
}

/**
 * Calls `look` again and again, never in a hidden tab; it returns whether the page has changed.
 * Calls it at once when the tab is shown again, when the page comes back from the back/forward
 * cache, when the network does, and after "lapse:due", the end of a countdown.
 */
export function poll({ first, most }: Pauses, look: () => Promise<boolean>) {
  let pause = first()
  let dueAt = Date.now() + pause
  let isLooking = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(tick, Math.max(0, Math.min(TICK_MS, dueAt - Date.now())))
  }
  const tick = async () => {
    if (!isLooking && !document.hidden && Date.now() >= dueAt) {
      isLooking = true
      pause = (await look()) ? first() : Math.min(most, pause * SLOWING)
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

  document.addEventListener("visibilitychange", () => !document.hidden && lookNow())
  window.addEventListener("pageshow", ({ persisted }) => persisted && lookNow())
  window.addEventListener("online", lookNow)
  document.addEventListener("lapse:due", () => setTimeout(lookNow, Math.random() * SPREAD_MS))
  wait()
}
