import { readFileSync } from "node:fs"
import path from "node:path"

/** The code block of this language in docs/operations.md, as an operator copies it. */
export function operationsBlock(language: string): string {
  const file = path.join(import.meta.dirname, "../../docs/operations.md")
  const [, block] = readFileSync(file, "utf8").split(`\`\`\`${language}\n`)
  if (block === undefined) throw new Error(`docs/operations.md has no block of ${language}.`)
  return block.slice(0, block.indexOf("```"))
}
