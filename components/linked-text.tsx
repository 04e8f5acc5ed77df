// A URL ends at white space, at what no URL holds (controls, invisible characters, <>"`{}|\^), and
// at quotes and brackets of prose.
const URLS =
  /(?<![\p{L}\p{N}])https?:\/\/[^\s\p{Cc}\p{Cf}<>"`{}|\\^«»‹›“”„‘’。，、；：！？「」『』（）《》【】]+/giu

/** What a URL does not end with, as in GFM: https://github.github.com/gfm/#extended-autolink-path-validation */
const TRAILING = "?!.,:;*_~'…"

/** A piece of a text, with its address where it is a URL. `at` is where it begins. */
export type TextPart = { at: number; text: string; href?: string }

/**
 * Text whose http and https URLs are links. The text may be a stranger's: it is never markup, no
 * other scheme becomes a link, and the links pass on neither referrer nor rank.
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

/** A text in pieces that make it whole again, in time linear in its length. */
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

/** Cuts punctuation, and closing brackets that were opened before the URL. */
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

/** Null where it is no URL, or one with a user name, which can pass for the host. */
function hrefOf(text: string): string | null {
  try {
    const { href, username, password } = new URL(text)
    return username || password ? null : href
  } catch {
    return null
  }
}
