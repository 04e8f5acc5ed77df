import { expect, it } from "vitest"
import { escapeHtml } from "./escape-html.ts"

it("escapeHtml leaves no character that ends a text or a quoted attribute", () => {
  expect(escapeHtml(`<a href="x" title='y'>&amp;</a> é`)).toBe(
    "&#60;a href=&#34;x&#34; title=&#39;y&#39;&#62;&#38;amp;&#60;/a&#62; é",
  )
})
