import "server-only"
import { z } from "zod"
import { hasHidden, replaceHidden } from "./hidden-characters.ts"

/** Text that PostgreSQL can store: without NUL and without half a surrogate pair. */
export const PlainText = z
  .string()
  .transform((text) => text.toWellFormed().replaceAll("\0", "").trim())

/** Text on one line: hidden characters and line breaks become spaces. */
export const plainLine = (text: string) => replaceHidden(text, " ").replace(/ {2,}/g, " ").trim()

/** A name as it is shown, from any source: hidden characters become spaces. */
export const plainName = (name: string) => (hasHidden(name) ? plainLine(name) || "?" : name)

/** Escapes text for an element or a quoted attribute of an HTML page. */
export const escapeHtml = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
