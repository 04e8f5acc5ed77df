import { element } from "../element.ts"
import type { HighlightTree } from "./highlight-tree.ts"
import { parseAside } from "./parse-aside.ts"

/**
 * Renders a highlighted text, in the language named by the file's name or by the language itself.
 * Creates elements from a tree without parsing markup: all text becomes text nodes.
 */
export async function highlight(text: string, name: string, signal: AbortSignal): Promise<Node> {
  const tree = await parseAside({ kind: "code", text, name }, signal)
  return tree ? toNode(tree) : document.createTextNode(text)
}

function toNode(tree: HighlightTree): Node {
  if (tree.type === "text") return document.createTextNode(tree.value ?? "")
  const node =
    tree.type === "root" ? document.createDocumentFragment() : element("span", classOf(tree))
  for (const child of tree.children ?? []) node.append(toNode(child))
  return node
}

function classOf({ properties }: HighlightTree): Record<string, string> {
  const names = properties?.className
  return Array.isArray(names) ? { class: names.join(" ") } : {}
}
