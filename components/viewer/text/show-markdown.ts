import type { Token, Tokens } from "marked"
import { element } from "../element.ts"
import { t } from "../host.ts"
import type { Stage } from "../stage.ts"
import { withCharacters } from "./character-references.ts"
import { highlight } from "./highlight.ts"
import { parseAside } from "./parse-aside.ts"
import { readStart, scrollRegion, showPlainText } from "./show-text.ts"

/** A longer text is shown as plain text. */
const MAX_LENGTH = 500_000
/** A text with deeper nesting is shown as plain text. */
const MAX_DEPTH = 40
const MAX_BLOCKS = 50
/** Above this number of elements, no further block is highlighted. */
const MAX_ELEMENTS = 40_000

/**
 * Shows Markdown as a document. Elements are created from the parser's tokens one by one: HTML in
 * the text stays text, images are named but not loaded, and links lead only to http, https and
 * mailto.
 */
export async function showMarkdown(stage: Stage) {
  const start = await readStart(stage)
  if (!start) return
  if (stage.file.size === 0) return showPlainText(stage, start)
  const isShort = start.text.length <= MAX_LENGTH && start.bytes >= stage.file.size
  const tokens = isShort
    ? await parseAside({ kind: "markdown", text: start.text }, stage.signal)
    : null
  if (!tokens) return showPlainText(stage, start, t("source"))
  const article = element("article", { class: "viewer-prose" }, ...blocks(tokens, 0))
  stage.show(scrollRegion(stage, article))
  await highlightCode(article, stage.signal)
}

const blocks = (tokens: Token[], depth: number): (Node | string)[] =>
  tokens.map((token) => block(token, depth))

function block(token: Token, depth: number): Node | string {
  if (depth > MAX_DEPTH) return token.raw
  switch (token.type) {
    case "space":
    case "def":
      return ""
    case "heading":
      return element(headingName(token.depth), {}, ...inline(token, depth))
    case "paragraph":
      return element("p", {}, ...inline(token, depth))
    case "blockquote":
      return element("blockquote", {}, ...blocks(token.tokens ?? [], depth + 1))
    case "hr":
      return element("hr")
    case "code":
      return codeBlock(String(token.text), String(token.lang ?? ""))
    case "list":
      return list(token as Tokens.List, depth)
    case "table":
      return table(token as Tokens.Table, depth)
    case "html":
      return element("pre", { class: "viewer-source" }, token.raw.trimEnd())
    case "checkbox":
      return checkbox(token)
    default:
      return element("span", {}, ...inline(token, depth))
  }
}

/** Shifts a heading's level below the page's own headings. */
function headingName(level: number) {
  return (["h3", "h4", "h5", "h6"] as const)[Math.min(level, 4) - 1] ?? "h6"
}

function codeBlock(text: string, language: string) {
  const name = language.split(/\s/)[0]?.toLowerCase() ?? ""
  return element("pre", { dir: "ltr" }, element("code", { "data-language": name }, text))
}

function list(token: Tokens.List, depth: number) {
  const items = token.items.map((item) => {
    const attributes = item.task ? { class: "viewer-task" } : {}
    return element("li", attributes, ...blocks(item.tokens, depth + 1))
  })
  if (!token.ordered) return element("ul", {}, ...items)
  return element("ol", { start: String(token.start || 1) }, ...items)
}

function table({ header, rows }: Tokens.Table, depth: number) {
  const cells = (row: Tokens.TableCell[], tag: "th" | "td") =>
    element("tr", {}, ...row.map((cell) => element(tag, {}, ...inlines(cell.tokens, depth))))
  const head = element("thead", {}, cells(header, "th"))
  const body = element("tbody", {}, ...rows.map((row) => cells(row, "td")))
  return element("table", { class: "viewer-table" }, head, body)
}

function inline(token: Token, depth: number): (Node | string)[] {
  const { tokens } = token as Tokens.Generic
  return tokens ? inlines(tokens, depth + 1) : [plain(token)]
}

const inlines = (tokens: Token[], depth: number) => tokens.map((token) => span(token, depth))

function span(token: Token, depth: number): Node | string {
  if (depth > MAX_DEPTH) return token.raw
  switch (token.type) {
    case "strong":
    case "em":
    case "del":
      return element(token.type, {}, ...inline(token, depth))
    case "codespan":
      return element("code", {}, token.text)
    case "br":
      return element("br")
    case "link":
      return link(token as Tokens.Link, depth)
    case "image":
      return element("span", { class: "viewer-image-name" }, imageName(token as Tokens.Image))
    case "checkbox":
      return checkbox(token)
    case "html":
      return token.raw
    default:
      return token.type === "text" && !("tokens" in token && token.tokens)
        ? plain(token)
        : element("span", {}, ...inline(token, depth))
  }
}

function checkbox(token: Token) {
  const isChecked = "checked" in token && token.checked === true
  const label = t(isChecked ? "checked" : "unchecked")
  const box = { type: "checkbox", disabled: true, checked: isChecked, "aria-label": label }
  return element("input", box)
}

function link(token: Tokens.Link, depth: number) {
  const content = inline(token, depth)
  const href = safeHref(token.autolink ? token.href : withCharacters(token.href))
  if (!href) return element("span", {}, ...content)
  const attributes = { href, target: "_blank", rel: "noopener noreferrer nofollow ugc" }
  return element("a", attributes, ...content)
}

function safeHref(text: string): string | null {
  if (!URL.canParse(text)) return null
  const { protocol, href } = new URL(text)
  return ["http:", "https:", "mailto:"].includes(protocol) ? href : null
}

const imageName = ({ text }: Tokens.Image) => t("image", { name: withCharacters(text) })

const plain = (token: Token): string =>
  "text" in token && typeof token.text === "string" ? withCharacters(token.text) : token.raw

/** Highlights the first code blocks that name their language. */
async function highlightCode(article: HTMLElement, signal: AbortSignal) {
  const known = article.querySelectorAll<HTMLElement>("code[data-language]:not([data-language=''])")
  for (const code of [...known].slice(0, MAX_BLOCKS)) {
    if (article.getElementsByTagName("*").length > MAX_ELEMENTS) return
    const text = code.textContent ?? ""
    code.replaceChildren(await highlight(text, code.dataset.language ?? "", signal))
  }
}
