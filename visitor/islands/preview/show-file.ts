import type { PreviewKind } from "#lib/claims/look/preview-kind.ts"
import type { Stage } from "./stage.ts"

type Show = (stage: Stage) => Promise<void>

/** The code of each kind is loaded with the first file of that kind. */
const SHOW: Record<PreviewKind, () => Promise<Show>> = {
  image: async () => (await import("./show-image.ts")).showImage,
  pdf: async () => (await import("./show-pdf.ts")).showPdf,
  video: async () => (await import("./show-media.ts")).showMedia,
  audio: async () => (await import("./show-media.ts")).showMedia,
  text: async () => (await import("./show-text.ts")).showText,
  markdown: async () => (await import("./show-markdown.ts")).showMarkdown,
  code: async () => (await import("./show-code.ts")).showCode,
  csv: async () => (await import("./show-csv.ts")).showCsv,
}

/** Shows a file on the stage. Rejects when aborted, or when the code could not be loaded. */
export async function showFile(stage: Stage) {
  const show = await SHOW[stage.file.kind]()
  stage.signal.throwIfAborted()
  await show(stage)
}
