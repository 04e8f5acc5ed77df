// A URL ends at white space, at characters that are invalid in URLs (controls, invisible ones,
// <>"`{}|\^), and at quotes and brackets of prose.
const URLS =
  /(?<![\p{L}\p{N}])https?:\/\/[^\s\p{Cc}\p{Cf}<>"`{}|\\^«»‹›“”„‘’。，、；：！？「」『』（）《》【】]+/giu

// Punctuation that does not end a URL:
// https://github.github.com/gfm/#extended-autolink-path-validation
const TRAILING = "?!.,:;*_~'…"

/** A part of a text; `at` is its offset, `href` is set if it is a URL. */
type TextPart = { at: number; text: string; href?: string }

/**
 * Text whose http and https URLs are links. Safe for untrusted text: nothing in it becomes markup,
 * no other scheme becomes a link, and the links send no referrer and are marked nofollow.
 */
export function LinkedText({ text }: { text: string }) {
  return splitUrls(text).map((part) =>
    part.href === undefined ? (
      part.text
    ) : (
      <a
        key={part.at}
        href={part.href}
        rel="noreferrer nofollow ugc"
        className="underline underline-offset-2"
      >
        {part.text}
      </a>
    ),
  )
}

/** Splits a text at its URLs, in linear time. The concatenated parts equal the text. */
export function splitUrls(text: string): TextPart[] {
  const parts: TextPart[] = []
  let done = 0
  for (const { 0: found, index: at } of text.matchAll(URLS)) {
    const url = withoutTrailing(found)
    const href = hrefOf(url)
    if (href === null) continue
    if (at > done) parts.push({ at: done, text: text.slice(done, at) })
    parts.push({ at, text: url, href })
    done = at + url.length
  }
  if (done < text.length) parts.push({ at: done, text: text.slice(done) })
  return parts
}

/** Removes final punctuation, and closing brackets that were opened before the URL. */
function withoutTrailing(url: string): string {
  const surplus = { ")": count(url, ")") - count(url, "("), "]": count(url, "]") - count(url, "[") }
  let end = url.length
  for (; end > 0; end -= 1) {
    const last = url.charAt(end - 1)
    if ((last === ")" || last === "]") && surplus[last] > 0) surplus[last] -= 1
    else if (!TRAILING.includes(last)) break
  }
  return url.slice(0, end)
}

const count = (text: string, character: string) => text.split(character).length - 1

/** Null for an invalid URL, and for one with a user name, which may be mistaken for the host. */
function hrefOf(text: string): string | null {
  try {
    const { href, username, password } = new URL(text)
    return username || password ? null : href
  } catch {
    return null
  }
}
