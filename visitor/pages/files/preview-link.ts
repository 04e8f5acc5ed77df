import type { LinkFile } from "#lib/rooms/claims/open/link-page.ts"
import type { Words } from "#visitor/language/page-words.ts"
import { html, type Markup } from "#visitor/pages/html.ts"

export const previewPath = (token: string, fileId: string) => `/s/${token}/p/${fileId}`

/** The text of a link to a file's preview, which is "play" for a video or a sound. */
export function previewWords({ preview, name }: LinkFile, { t }: Words) {
  const isPlayed = preview === "video" || preview === "audio"
  return isPlayed
    ? { text: t("visitor.play"), label: t("visitor.playNamed", { name }) }
    : { text: t("visitor.look"), label: t("visitor.lookNamed", { name }) }
}

type PreviewLinkInput = {
  token: string
  file: LinkFile
  words: Words
  /** Replaces the text. */
  content?: Markup
  /** Whether previews are refused until a claim, which requires JavaScript. */
  needsClaim?: boolean
  /** Whether the link has to name the file for the viewer, because nothing beside it does. */
  isUnnamed?: boolean
}

/**
 * Links to the file itself, from the store's origin; islands/previews.ts opens the viewer instead.
 * The kind and the size are for the viewer.
 */
export function previewLink(input: PreviewLinkInput) {
  const { token, file, words, content, needsClaim, isUnnamed } = input
  const { text, label } = previewWords(file, words)
  return html`<a href="${previewPath(token, file.id)}" target="_blank" rel="noreferrer" data-kind="${file.preview}" data-size="${file.size}"${
    isUnnamed && html` data-name="${file.name}"`
  } aria-label="${label}"${needsClaim && html` class="needs-script"`}>${content ?? text}</a>`
}
