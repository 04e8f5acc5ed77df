/**
 * The reader's dialect of a language, among those the browser prefers: "de-AT" of "de". One in
 * another script is none: not "zh-TW" of "zh-CN". Digits are always the Western ones, like those of
 * the sizes and numbers on the page.
 */
export function dialectOf(language: string, preferred: readonly string[]): string {
  const own = scriptOf(language)
  const dialect = preferred.find((tag) => tag.includes("-") && scriptOf(tag) === own)
  const chosen = dialect ?? (language === "en" ? "en-GB" : language)
  return new Intl.Locale(chosen, { numberingSystem: "latn" }).toString()
}

/** The language and script of a tag, as "zh-Hans"; "" for an invalid one. */
function scriptOf(tag: string): string {
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    return `${language}-${script}`
  } catch {
    return ""
  }
}
