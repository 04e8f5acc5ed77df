import type { PreviewKind } from "#lib/rooms/files/preview-kind.ts"
import { host, t } from "./host.ts"
import type { Stage } from "./stage.ts"

type Show = (stage: Stage) => Promise<void>

/** The code of each kind is loaded with the first file of that kind. */
const SHOW: Record<PreviewKind, () => Promise<Show>> = {
  image: async () => (await import("./media/show-image.ts")).showImage,
  pdf: async () =>
    host.drawsPdf
      ? (await import("./pdf/show-drawn-pdf.ts")).showDrawnPdf
      : (await import("./media/show-pdf.ts")).showPdf,
  video: async () => (await import("./media/show-media.ts")).showMedia,
  audio: async () => (await import("./media/show-media.ts")).showMedia,
  text: async () => (await import("./text/show-text.ts")).showText,
  markdown: async () => (await import("./text/show-markdown.ts")).showMarkdown,
  code: async () => (await import("./text/show-code.ts")).showCode,
  csv: async () => (await import("./table/show-csv.ts")).showCsv,
}

/** Shows a file on the stage. Rejects when aborted, or when the code could not be loaded. */
export async function showFile(stage: Stage) {
  const { kind } = stage.file
  if (kind === null) return stage.refuse(t("unsupported"))
  const show = await SHOW[kind]()
  stage.signal.throwIfAborted()
  await show(stage)
}
