import { pageData } from "./page-data.ts"

/**
 * Loads the page anew, because the link is no longer as it shows. A script that is in the middle of
 * something prevents "lapse:leaving"; the page is asked to leave again while it stays.
 */
export function leave() {
  if (!document.dispatchEvent(new Event("lapse:leaving", { cancelable: true }))) return
  location.replace(nextAddress())
}

/**
 * The link's own address: the page may be the answer to a form, which a reload would send again. An
 * empty search says that this is no new view; a page that was over was no view yet.
 */
function nextAddress() {
  const query = new URLSearchParams(location.search)
  for (const hint of ["error", "until"]) query.delete(hint)
  const isCounted = ["open", "locked", "scheduled"].includes(pageData.state ?? "")
  if (isCounted && !query.has("q")) query.set("q", "")
  return withQuery(`/s/${pageData.token}`, query)
}

/** Takes an empty search from the address, so that a copy of it counts a view. */
export function tidyAddress() {
  const query = new URLSearchParams(location.search)
  if (query.get("q") !== "") return
  query.delete("q")
  history.replaceState(history.state, "", withQuery(location.pathname, query) + location.hash)
}

/** An address with a query, if there is one. */
export const withQuery = (path: string, query: URLSearchParams) =>
  query.size > 0 ? `${path}?${query}` : path
