/** The scripts in which a zero-width joiner or non-joiner changes how a word is written. */
const JOINING = [
  ...["Arabic", "Syriac", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil"],
  ...["Telugu", "Kannada", "Malayalam", "Sinhala", "Khmer", "Myanmar"],
]
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join("")
const EMOJI = "\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f"

/** Characters that are visible, or that select the form of the preceding one. */
const DRAWN = [
  `(?<=[${JOINING}${EMOJI}])[\\u200c\\u200d](?=[${JOINING}${EMOJI}])`,
  "(?<=\\p{Emoji})[\\ufe0e\\ufe0f]",
  // The flags of England, Scotland and Wales.
  "(?<=\\u{1f3f4}[\\u{e0020}-\\u{e007e}]{0,6})[\\u{e0020}-\\u{e007f}]",
  "(?<=\\p{Script=Han})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]",
  "(?<=\\p{Script=Mongolian})[\\u180b-\\u180f]",
  // Signs of Arabic, Syriac and Kaithi that enclose what follows.
  "[\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u{110bd}\\u{110cd}]",
].join("|")

const hidden = (flags: string) =>
  new RegExp(
    `(?!${DRAWN})[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]`,
    flags,
  )
const HIDDEN = hidden("u")
const ALL_HIDDEN = hidden("gu")

/**
 * Whether a text has control or format characters (line breaks, bidirectional controls, zero-width
 * spaces), or other invisible characters. Those that a script or an emoji needs do not count.
 */
export const hasHidden = (text: string) => HIDDEN.test(text)

export const replaceHidden = (text: string, by: string) => text.replace(ALL_HIDDEN, by)
