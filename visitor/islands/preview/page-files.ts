import type { ShownFile } from "#components/viewer/host.ts"
import type { PreviewKind } from "#lib/rooms/files/preview-kind.ts"

/** The links to previews on the page, in order. */
export const previewLinks = () => [
  ...document.querySelectorAll<HTMLAnchorElement>("#files a[data-kind]"),
]

export const fileIdOf = (link: HTMLAnchorElement) => link.pathname.split("/").at(-1) ?? ""

/** Reads the file of a link from the row of the page. */
export function fileOf(link: HTMLAnchorElement): ShownFile {
  const { kind, size, name } = link.dataset
  return {
    id: fileIdOf(link),
    name: name ?? link.closest("li")?.querySelector("p")?.textContent ?? "",
    kind: isKind(kind) ? kind : "text",
    size: Number(size),
  }
}

const KINDS = ["image", "pdf", "video", "audio", "text", "markdown", "code", "csv"] as const

const isKind = (text: string | undefined): text is PreviewKind =>
  KINDS.some((kind) => kind === text)
