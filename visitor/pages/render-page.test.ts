import { expect, it } from "vitest"
import { VISITOR_ASSETS } from "#testing/visitors/visitor-assets.ts"
import { wordsIn } from "#visitor/language/page-words.ts"
import { renderMessage } from "./render-page.tsx"

const context = {
  words: wordsIn(),
  assets: VISITOR_ASSETS,
  ...{ origin: "", storeOrigin: "", nonce: "", address: "/s/abc", isBot: false },
  branding: {
    ...{ name: "Acme Files", accent: "#0055aa", logo: null },
    ...{ imprintUrl: null, privacyUrl: null, note: null },
  },
}

it("a title has the direction of its page, and its names their own", () => {
  const titleIn = (locale: "en" | "ar", title: string) =>
    /<title>(.*)<\/title>/.exec(
      renderMessage({ title }, { ...context, words: wordsIn(locale) }),
    )?.[1]
  expect(titleIn("ar", "Report.pdf")).toBe("\u200f\u2068Report.pdf\u2069 · \u2068Lapse\u2069")
  expect(titleIn("en", "تقرير.pdf")).toBe("\u2068تقرير.pdf\u2069 · Lapse")
  expect(titleIn("en", "Report.pdf")).toBe("Report.pdf · Lapse")
})

it("a message about a link has the branding, and tries again what may succeed", () => {
  const away = renderMessage({ title: "Away.", back: "/s/abc", isPassing: true }, context)
  expect(away).toContain("<title>Away. · Acme Files</title>")
  expect(away).toMatch(/<a href="\/s\/abc"[^>]*>Try again<\/a>/)

  const invalid = renderMessage({ title: "Invalid.", back: "/s/abc" }, context)
  expect(invalid).toMatch(/<a href="\/s\/abc"[^>]*>Back to the link<\/a>/)

  const unknown = renderMessage({ title: "Nothing." }, context)
  expect(unknown).not.toMatch(/Acme Files|Try again|circle class="stroke-soft"/)
})
