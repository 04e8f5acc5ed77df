const REFERENCE = "(?:#\\d{1,7}|#x[\\da-f]{1,6}|[a-z][a-z\\d]{1,31});"
const OTHERS = new RegExp(`&(?!${REFERENCE})|<`, "gi")

// In a document that is never shown. A title holds text alone, so no element comes of it.
let title: HTMLTitleElement | undefined

/** A text with its character references ("&auml;") as the characters that they stand for. */
export function withCharacters(text: string): string {
  if (!text.includes("&")) return text
  title ??= document.implementation.createHTMLDocument("").createElement("title")
  title.innerHTML = text.replace(OTHERS, (sign) => (sign === "<" ? "&lt;" : "&amp;"))
  return title.textContent ?? text
}
