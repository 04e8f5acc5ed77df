import { pageData } from "../page-data.ts"
import { element } from "./element.ts"
import type { PreviewFile } from "./stage.ts"

/** The links to previews on the page, in order. */
export const previewLinks = () => [
  ...document.querySelectorAll<HTMLAnchorElement>("#files a[data-kind]"),
]

export const fileIdOf = (link: HTMLAnchorElement) => link.pathname.split("/").at(-1) ?? ""

/** Reads the file of a link from the row of the page. */
export function fileOf(link: HTMLAnchorElement): PreviewFile {
  const { kind, size, name } = link.dataset
  return {
    id: fileIdOf(link),
    name: name ?? link.closest("li")?.querySelector("p")?.textContent ?? "",
    kind: isKind(kind) ? kind : "text",
    size: Number(size),
  }
}

const KINDS = ["image", "pdf", "video", "audio", "text", "markdown", "code", "csv"] as const

const isKind = (text: string | undefined): text is PreviewFile["kind"] =>
  KINDS.some((kind) => kind === text)

/** A download form like the page's: only a POST counts as a download. */
export function downloadForm(file: PreviewFile, label: string, onSubmit: () => void) {
  const button = element("button", { class: "viewer-button viewer-quiet" }, label)
  const action = `/s/${pageData.token}/d/${file.id}`
  return element("form", { method: "post", action, submit: onSubmit }, button)
}
