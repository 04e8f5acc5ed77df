import "server-only"
import { z } from "zod"
import { hasHidden, replaceHidden } from "./hidden-characters.ts"

/** Text that PostgreSQL can store: without NUL characters and unpaired surrogates. */
export const PlainText = z
  .string()
  .transform((text) => text.toWellFormed().replaceAll("\0", "").trim())

/** Puts a text on one line: hidden characters and line breaks become spaces. */
export const plainLine = (text: string) => replaceHidden(text, " ").replace(/ {2,}/g, " ").trim()

/** Returns a name from any source as it is shown: hidden characters become spaces. */
export const plainName = (name: string) => (hasHidden(name) ? plainLine(name) || "?" : name)

/** Escapes text for an element or a quoted attribute of an HTML page. */
export const escapeHtml = (text: string) =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
