import { element } from "../element.ts"
import type { Stage } from "../stage.ts"
import { highlight } from "./highlight.ts"
import { readStart, scrollRegion, showPlainText } from "./show-text.ts"

/** A longer text is shown without highlighting. */
const MAX_HIGHLIGHTED = 300_000
const MAX_LINE = 2_000
const MAX_LINES = 20_000

/** Shows source code, highlighted unless it is too long. */
export async function showCode(stage: Stage) {
  const start = await readStart(stage)
  if (!start) return
  const { text } = start
  const isShort = text.length <= MAX_HIGHLIGHTED && start.bytes >= stage.file.size
  if (!isShort || stage.file.size === 0 || !hasUsualLines(text)) {
    return showPlainText(stage, start)
  }
  const code = element("code")
  code.append(await highlight(text, stage.file.name, stage.signal))
  stage.show(scrollRegion(stage, element("pre", { class: "viewer-code", dir: "ltr" }, code)))
}

function hasUsualLines(text: string) {
  const lines = text.split("\n")
  return lines.length <= MAX_LINES && lines.every((line) => line.length <= MAX_LINE)
}
