/**
 * Takes the language from the address: the cookie has it by now, and a person to whom the address
 * is passed on has a browser and a language of their own.
 */
export function dropLanguage() {
  const url = new URL(location.href)
  if (!url.searchParams.has("lang") || !navigator.cookieEnabled) return
  url.searchParams.delete("lang")
  history.replaceState(history.state, "", url)
}
