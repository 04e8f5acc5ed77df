const PREFIX = "#look-"

/** The id of the file that the page's address says is looked at; null if it names none. */
export function idInAddress(): string | null {
  const { hash } = location
  return hash.startsWith(PREFIX) ? hash.slice(PREFIX.length) : null
}

/** Lets the address name a file: in a new entry of the history, or in the present one. */
export function markAddress(fileId: string, how: "pushState" | "replaceState") {
  history[how](null, "", PREFIX + fileId)
}

export function unmarkAddress() {
  if (idInAddress()) history.replaceState(null, "", location.pathname + location.search)
}
