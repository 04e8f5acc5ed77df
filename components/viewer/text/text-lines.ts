import { element } from "../element.ts"

/** The number of lines in a block: a browser lays out only visible blocks. */
const LINES = 200

/**
 * A preformatted text that grows: layout costs only the visible lines, even with millions of them.
 */
export function textInBlocks(text: string) {
  const pre = element("pre", { class: "viewer-text" })
  const append = (more: string) => {
    let rest = more
    const last = pre.lastElementChild
    if (last && !last.textContent?.endsWith("\n")) {
      // The rest of a line continues in the line's block.
      const end = rest.indexOf("\n") + 1 || rest.length
      last.append(rest.slice(0, end))
      rest = rest.slice(end)
    }
    pre.append(...blocksOf(rest))
  }
  append(text)
  return { pre, append }
}

function blocksOf(text: string): HTMLElement[] {
  const blocks: HTMLElement[] = []
  for (let from = 0; from < text.length; ) {
    const end = endOfLines(text, from)
    blocks.push(element("span", {}, text.slice(from, end)))
    from = end
  }
  return blocks
}

function endOfLines(text: string, from: number): number {
  let end = from
  for (let line = 0; line < LINES; line += 1) {
    const at = text.indexOf("\n", end)
    if (at < 0) return text.length
    end = at + 1
  }
  return end
}
