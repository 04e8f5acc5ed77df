import { SaxesParser } from "saxes"
import { S3Error } from "../s3-error.ts"

const S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

export type Element = readonly [name: string, content: string | number | boolean | Element[]]

export function xmlDocument([name, content]: Element) {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${S3_NAMESPACE}">${inner(content)}</${name}>`
}

/** Writes an error document, which has no namespace in S3. */
export function errorDocument(children: Element[]) {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(["Error", children])}`
}

function write([name, content]: Element): string {
  return `<${name}>${inner(content)}</${name}>`
}

function inner(content: Element[1]) {
  return Array.isArray(content) ? content.map(write).join("") : escapeText(String(content))
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
}

// XML 1.0 forbids control characters even as references, but S3 writes them like this. Clients with
// such keys request encoding-type=url.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to escape
const SPECIAL = /[&<>"\u0000-\u001f\u007f\ufffe\uffff]/g

function escapeText(text: string) {
  return text.replace(SPECIAL, (c) => ENTITIES[c] ?? `&#x${c.charCodeAt(0).toString(16)};`)
}

export type Node = { name: string; text: string; children: Node[] }

const MAX_DEPTH = 20

/** Parses a request body whose root must be `root`. Refuses with MalformedXML. */
export function parseXml(source: string, root: string): Node {
  const top: Node = { name: "", text: "", children: [] }
  const open = [top]
  const parser = new SaxesParser()
  const malformed = () => new S3Error("MalformedXML")

  parser.on("error", () => {
    throw malformed()
  })
  parser.on("doctype", () => {
    throw malformed()
  })
  parser.on("opentag", ({ name }) => {
    if (open.length > MAX_DEPTH) throw malformed()
    const node: Node = { name: name.replace(/^.*:/, ""), text: "", children: [] }
    open.at(-1)?.children.push(node)
    open.push(node)
  })
  const text = (value: string) => {
    const node = open.at(-1)
    if (node) node.text += value
  }
  parser.on("text", text)
  parser.on("cdata", text)
  parser.on("closetag", () => {
    open.pop()
  })
  parser.write(source).close()

  const [element] = top.children
  if (element?.name !== root) throw malformed()
  return element
}

export function childText(node: Node, name: string) {
  return node.children.find((child) => child.name === name)?.text
}

export function childTexts(node: Node, name: string) {
  return node.children.filter((child) => child.name === name).map((child) => child.text)
}
