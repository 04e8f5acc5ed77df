/**
 * The chosen language is in a cookie by now. Whoever gets the address of the page from its reader
 * has another browser, and a language of their own.
 */
export function dropLanguage() {
  const url = new URL(location.href)
  if (!url.searchParams.has("lang") || !navigator.cookieEnabled) return
  url.searchParams.delete("lang")
  history.replaceState(history.state, "", url)
}
