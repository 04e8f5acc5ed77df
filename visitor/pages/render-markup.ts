import { Fragment, type ReactNode } from "react"

// React's own renderer keeps data for hydration, streaming and suspense for each element. These
// pages use none of these, and without them take two thirds of the time. A test compares the two.

type Props = {
  children?: ReactNode
  dangerouslySetInnerHTML?: { __html: string }
  [name: string]: unknown
}

/** Stored in a constant, because in the bundle each use of React's export calls a getter. */
const FRAGMENT = Fragment

const isElement = (node: object): node is { type: unknown; props: Props } =>
  "type" in node && "props" in node

/**
 * Renders function components and elements to static markup, as `renderToStaticMarkup` does.
 * Components have no hooks and no context. All text is escaped, except that of
 * `dangerouslySetInnerHTML`.
 */
export function renderMarkup(node: ReactNode): string {
  if (typeof node === "string") return escapeMarkup(node)
  if (typeof node === "number" || typeof node === "bigint") return String(node)
  if (node === null || node === undefined || typeof node === "boolean") return ""
  if (Array.isArray(node)) {
    let markup = ""
    for (const each of node) markup += renderMarkup(each)
    return markup
  }
  if (!isElement(node)) throw new TypeError("only elements and text are rendered")
  const { type, props } = node
  if (typeof type === "string") return elementMarkup(type, props)
  if (type === FRAGMENT) return renderMarkup(props.children)
  if (typeof type !== "function") throw new TypeError("only function components are rendered")
  return renderMarkup(Reflect.apply(type, undefined, [props]))
}

const VOID = new Set(["br", "hr", "img", "input", "link", "meta", "wbr", "base"])

function elementMarkup(name: string, props: Props): string {
  const { children, dangerouslySetInnerHTML: html, defaultValue } = props
  let markup = `<${name}`
  for (const key in props) {
    if (key !== "children" && key !== "defaultValue") markup += attributeMarkup(key, props[key])
  }
  if (name === "textarea") return `${markup}>${textMarkup(defaultValue)}</${name}>`
  if (defaultValue !== undefined) markup += attributeMarkup("value", defaultValue)
  if (VOID.has(name)) return `${markup}/>`
  return `${markup}>${html ? html.__html : renderMarkup(children)}</${name}>`
}

/** Attributes whose React names differ from those in HTML and SVG. */
const NAMES: Record<string, string> = {
  htmlFor: "for",
  strokeWidth: "stroke-width",
  strokeLinecap: "stroke-linecap",
  strokeLinejoin: "stroke-linejoin",
  strokeDasharray: "stroke-dasharray",
}

/** Attributes for which false is a value; for any other it leaves the attribute out. */
const SAYS_FALSE = /^(aria-|data-|spellCheck$)/

function attributeMarkup(key: string, value: unknown): string {
  if (key === "className" && typeof value === "string") return classMarkup(value)
  if (typeof value === "string") return ` ${NAMES[key] ?? key}="${escapeMarkup(value)}"`
  if (typeof value === "number") return ` ${NAMES[key] ?? key}="${value}"`
  if (typeof value === "boolean") {
    if (SAYS_FALSE.test(key)) return ` ${key}="${value}"`
    return value ? ` ${key}=""` : ""
  }
  return ""
}

const classes = new Map<string, string>()

/** Cached, because there are few classes, and many contain characters to escape. */
function classMarkup(names: string): string {
  const known = classes.get(names)
  if (known !== undefined) return known
  const markup = ` class="${escapeMarkup(names)}"`
  classes.set(names, markup)
  return markup
}

/** A parser ignores a line break at the start of a text area. */
function textMarkup(value: unknown): string {
  const text = typeof value === "string" ? value : ""
  return escapeMarkup(text.startsWith("\n") ? `\n${text}` : text)
}

const SPECIAL = /["'&<>]/
const ENTITIES: Record<string, string> = {
  '"': "&quot;",
  "'": "&#x27;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
}

/** Escapes text for an element or a double-quoted attribute. */
export const escapeMarkup = (text: string) =>
  SPECIAL.test(text)
    ? text.replace(/["'&<>]/g, (character) => ENTITIES[character] ?? character)
    : text
