const PREFIX = "#look-"

/** The id of the previewed file in the page's URL; null if it names none. */
export function idInAddress(): string | null {
  const { hash } = location
  return hash.startsWith(PREFIX) ? hash.slice(PREFIX.length) : null
}

/** Sets the previewed file in the page's URL, in a new history entry or in the current one. */
export function markAddress(fileId: string, how: "pushState" | "replaceState") {
  history[how](null, "", PREFIX + fileId)
}

export function unmarkAddress() {
  if (idInAddress()) history.replaceState(null, "", location.pathname + location.search)
}
