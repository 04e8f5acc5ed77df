import { pageData } from "#visitor/islands/page-data.ts"

/** The pages of a link that no longer opens. */
export const CLOSED = ["revoked", "expired", "used_up"]

/**
 * Reloads the page, because the link's state no longer matches it. A script with work in progress
 * prevents "lapse:leaving"; the reload is tried again later.
 */
export function leave() {
  if (!document.dispatchEvent(new Event("lapse:leaving", { cancelable: true }))) return
  location.replace(nextAddress())
}

/**
 * The URL of the link's page, because this page may be the answer to a form, which a reload would
 * send again. An empty search keeps the request from counting as a view, unless the link was closed
 * and no view was counted.
 */
function nextAddress() {
  const query = new URLSearchParams(location.search)
  for (const hint of ["error", "until"]) query.delete(hint)
  const isCounted = !CLOSED.includes(pageData.state ?? "")
  if (isCounted && !query.has("q")) query.set("q", "")
  return withQuery(`/s/${pageData.token}`, query)
}

/** Removes an empty search from the URL, so that a copy of the URL counts a view. */
export function tidyAddress() {
  const query = new URLSearchParams(location.search)
  if (query.get("q") !== "") return
  query.delete("q")
  history.replaceState(history.state, "", withQuery(location.pathname, query) + location.hash)
}

/** A URL with a query, if there is one. */
export const withQuery = (path: string, query: URLSearchParams) =>
  query.size > 0 ? `${path}?${query}` : path
