import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { element } from "../element.ts"
import { locale, t } from "../host.ts"
import type { Stage } from "../stage.ts"
import { MIB, readRange } from "./read-range.ts"
import { textDecoderFor } from "./text-decoder.ts"
import { textInBlocks } from "./text-lines.ts"

/** The beginning of a text. */
type TextStart = {
  text: string
  decoder: TextDecoder
  /** The number of bytes of the file that the text covers. */
  bytes: number
}

/** Reads the beginning of a text; null if that failed, after the stage has shown why. */
export async function readStart(stage: Stage, bytes = MIB): Promise<TextStart | null> {
  const read = await readRange(stage, 0, bytes)
  if (!read) return null
  const decoder = textDecoderFor(read)
  if (!decoder) {
    stage.refuse(t("noText"))
    return null
  }
  const text = decoder.decode(read, { stream: true })
  return { text, decoder, bytes: read.length }
}

/** Shows plain text, one MiB at a time. */
export async function showText(stage: Stage) {
  const start = await readStart(stage)
  if (start) showPlainText(stage, start)
}

/** Shows plain text, below a note if there is one. */
export function showPlainText(stage: Stage, start: TextStart, note?: string) {
  if (stage.file.size === 0) return stage.refuse(t("empty"))
  const { pre, append } = textInBlocks(start.text)
  const said = note === undefined ? [] : [element("p", { class: "viewer-fine viewer-above" }, note)]
  const region = scrollRegion(stage, ...said, pre)
  addRest(stage, region, start, append)
  stage.show(region)
  if (note !== undefined) stage.say(note)
}

/** A scrolling region, which has to be focusable by keyboard and needs a name. */
export function scrollRegion({ file }: Stage, ...content: HTMLElement[]) {
  const attributes = { class: "viewer-scroll", role: "region", tabindex: "0", dir: "auto" }
  return element("div", { ...attributes, "aria-label": file.name }, ...content)
}

/** A button below a text that loads the next MiB, while there is one. */
function addRest(
  stage: Stage,
  region: HTMLElement,
  { decoder, bytes }: TextStart,
  append: (text: string) => void,
) {
  const { file } = stage
  let shown = bytes
  if (shown >= file.size) return
  const status = element("p", { class: "viewer-fine" })
  const more = element("button", { type: "button", class: "viewer-button" })
  more.textContent = t("more")
  const say = () => {
    const part = formatBytes(shown, locale)
    const whole = formatBytes(file.size, locale)
    status.textContent = t("part", { part, whole })
  }
  more.onclick = async () => {
    more.disabled = true
    const read = await readRange(stage, shown, shown + MIB).catch(() => null)
    more.disabled = false
    if (!read) return
    shown += read.length
    const isWhole = shown >= file.size || read.length === 0
    append(decoder.decode(read, { stream: !isWhole }))
    say()
    stage.say(status.textContent ?? "")
    if (isWhole) more.remove()
    else more.focus()
  }
  say()
  region.append(element("div", { class: "viewer-rest" }, status, more))
}
