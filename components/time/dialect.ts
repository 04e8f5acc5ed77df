/**
 * The reader's regional variant of a language, from the browser's preferred languages: "de-AT" for
 * "de". A variant in another script is ignored: "zh-TW" for "zh-CN". Digits are always Western, as
 * in the sizes and numbers on the page.
 */
export function dialectOf(language: string, preferred: readonly string[]): string {
  const own = scriptOf(language)
  const dialect = preferred.find((tag) => tag.includes("-") && scriptOf(tag) === own)
  const chosen = dialect ?? (language === "en" ? "en-GB" : language)
  return new Intl.Locale(chosen, { numberingSystem: "latn" }).toString()
}

/** The language and script of a tag, such as "zh-Hans"; "" for an invalid one. */
function scriptOf(tag: string): string {
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    return `${language}-${script}`
  } catch {
    return ""
  }
}
