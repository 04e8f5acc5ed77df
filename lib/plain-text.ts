import "server-only"
import { z } from "zod"

/** Text that PostgreSQL can store: without NUL and without half a surrogate pair. */
export const PlainText = z
  .string()
  .transform((text) => text.toWellFormed().replaceAll("\0", "").trim())

/** The scripts in which a zero-width joiner or non-joiner changes how a word is written. */
const JOINING = [
  ...["Arabic", "Syriac", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil"],
  ...["Telugu", "Kannada", "Malayalam", "Sinhala", "Khmer", "Myanmar"],
]
  .map((script) => `\\p{Script=${script}}`)
  .join("")
const EMOJI = "\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f"
const JOINER = `(?<=[${JOINING}${EMOJI}])[\\u200c\\u200d](?=[${JOINING}${EMOJI}])`
const EMOJI_STYLE = "(?<=\\p{Emoji})[\\ufe0e\\ufe0f]"

/**
 * What a name must not contain: control and format characters (line breaks, bidirectional controls,
 * zero-width spaces) and others that are drawn as nothing. Joiners are part of some scripts and of
 * emoji.
 */
const hidden = (flags: string) =>
  new RegExp(
    `(?!${JOINER}|${EMOJI_STYLE})[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]`,
    flags,
  )
const HIDDEN = hidden("u")
const ALL_HIDDEN = hidden("gu")

export const hasHidden = (text: string) => HIDDEN.test(text)

/** Text on one line: hidden characters and line breaks become spaces. */
export const plainLine = (text: string) =>
  text.replace(ALL_HIDDEN, " ").replace(/ {2,}/g, " ").trim()

/** A name as it is shown, wherever it came from: hidden characters become spaces. */
export const plainName = (name: string) => (hasHidden(name) ? plainLine(name) || "?" : name)
