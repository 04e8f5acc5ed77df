import { poll } from "#components/calls/poll.ts"
import { locale } from "../page-data.ts"

const PAUSE_MS = 12_000

/**
 * Keeps the limits on the page of a request current, by a fresh copy of it that counts no view.
 * Dispatches "lapse:room" after that, and "lapse:closed" once the request takes no more files: the
 * page says so, and what was sent stays in sight. "lapse:sent" asks for a copy at once.
 */
export function followRequest() {
  const { pollNow, stop } = poll({ first: () => PAUSE_MS, most: PAUSE_MS }, async () => {
    const query = new URLSearchParams({ part: "live", lang: locale })
    const response = await fetch(`${location.pathname}?${query}`, { cache: "no-store" }).catch(
      () => null,
    )
    if (!response || response.status === 429 || response.status >= 500) return false
    // Another tab finished the one delivery that the request takes.
    if (response.redirected) location.replace(response.url)
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html")
    const [limits, now] = [document, fresh].map((root) => root.querySelector(LIMITS))
    if (limits && now) {
      limits.replaceWith(now)
      document.dispatchEvent(new Event("lapse:room"))
    } else if (!response.ok) {
      stop()
      limits?.replaceChildren(...messageOf(fresh))
      limits?.setAttribute("role", "alert")
      document.querySelector("[data-live=time]")?.remove()
      for (const part of document.querySelectorAll<HTMLElement>("[data-drop], [data-done]"))
        part.hidden = true
      document.dispatchEvent(new Event("lapse:closed"))
    }
    return false
  })
  document.addEventListener("lapse:sent", pollNow)
}

const LIMITS = "[data-live=limits]"

/** The heading and the sentences of a page with one message. */
function messageOf(page: Document) {
  const heading = document.createElement("h2")
  heading.className = "font-semibold text-ink"
  heading.textContent = page.querySelector("h1")?.textContent ?? ""
  return [heading, ...page.querySelectorAll("main > p")]
}
