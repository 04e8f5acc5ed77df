import { readFileSync } from "node:fs"
import path from "node:path"

/** The code block of this language in a document of docs/, as an operator copies it. */
export function blockOf(document: string, language: string): string {
  const file = path.join(import.meta.dirname, "../../docs", document)
  const [, block] = readFileSync(file, "utf8").split(`\`\`\`${language}\n`)
  if (block === undefined) throw new Error(`docs/${document} has no block of ${language}.`)
  return block.slice(0, block.indexOf("```"))
}

/** A table in Markdown. */
export function table(head: string[], rows: string[][]) {
  const [first, ...others] = [head, ...rows].map((cells) => `| ${cells.join(" | ")} |`)
  return [first, `|${"---|".repeat(head.length)}`, ...others].join("\n")
}
