/**
 * Removes the language from the URL: the cookie has it by now, and the URL may be passed on to a
 * person who reads another language.
 */
export function dropLanguage() {
  const url = new URL(location.href)
  if (!url.searchParams.has("lang") || !navigator.cookieEnabled) return
  url.searchParams.delete("lang")
  history.replaceState(history.state, "", url)
}
