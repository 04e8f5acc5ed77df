const REFERENCE = "(?:#\\d{1,7}|#x[\\da-f]{1,6}|[a-z][a-z\\d]{1,31});"
const OTHERS = new RegExp(`&(?!${REFERENCE})|<`, "gi")

// An element of a document that is never shown. A title contains only text, so that no element can
// result.
let title: HTMLTitleElement | undefined

/** Replaces character references ("&auml;") in a text by the characters that they represent. */
export function withCharacters(text: string): string {
  if (!text.includes("&")) return text
  title ??= document.implementation.createHTMLDocument("").createElement("title")
  title.innerHTML = text.replace(OTHERS, (sign) => (sign === "<" ? "&lt;" : "&amp;"))
  return title.textContent ?? text
}
