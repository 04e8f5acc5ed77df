import { redraw } from "./follow.ts"
import { listingQuery } from "./link-state.ts"

let drawn = String(listingQuery())

/**
 * Shows other pages of a large file list in place, so that a download of the page continues.
 * Without JavaScript, or if that fails, the links open a separate page.
 */
export function watchListPages() {
  document.addEventListener("click", async (event) => {
    const { target, altKey, ctrlKey, metaKey, shiftKey } = event
    const link = target instanceof Element && target.closest<HTMLAnchorElement>("a[data-list-page]")
    if (!link || altKey || ctrlKey || metaKey || shiftKey) return
    event.preventDefault()
    const before = location.href
    history.pushState(null, "", link.pathname + link.search)
    if (await drawAnew()) return
    history.replaceState(null, "", before)
    location.assign(link.href)
  })
  addEventListener("popstate", () => {
    if (String(listingQuery()) !== drawn)
      void drawAnew().then((isDone) => isDone || location.reload())
  })
}

async function drawAnew() {
  const query = String(listingQuery())
  const isDone = await redraw({ keepsFolders: false }).catch(() => false)
  if (!isDone) return false
  drawn = query
  const files = document.querySelector<HTMLElement>("#files")
  const first = files?.querySelector<HTMLElement>("[class^=file-]") ?? files
  first?.setAttribute("tabindex", "-1")
  first?.focus()
  return true
}
