import type { ParserRequest } from "./parse-aside.ts"

// The worker that parse-aside.ts starts for one text. A failure is answered like a text that cannot
// be parsed.
addEventListener("message", async ({ data }: MessageEvent<ParserRequest>) => {
  postMessage(await parse(data).catch(() => null))
})

async function parse(request: ParserRequest) {
  if (request.kind === "markdown") {
    return (await import("./parse-markdown.ts")).parseMarkdown(request.text)
  }
  const { highlightTree } = await import("./highlight-tree.ts")
  return highlightTree(request.text, request.name)
}
