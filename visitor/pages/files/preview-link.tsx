import type { LinkFile } from "#lib/rooms/claims/open/link-page.ts"
import type { Words } from "#visitor/language/page-words.ts"

export const previewPath = (token: string, fileId: string) => `/s/${token}/p/${fileId}`

/** The text of a link to a file's preview, which says "play" for a video or a sound. */
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
  /** Whether previews are refused until a claim, which requires JavaScript. */
  needsClaim: boolean
}

/**
 * Links to the file itself, from the store's origin; islands/previews.ts opens the viewer instead.
 * The kind and the size are for the viewer.
 */
export function previewLink({ token, file, words, needsClaim }: PreviewLinkInput) {
  const { text, label } = previewWords(file, words)
  return (
    <a
      href={previewPath(token, file.id)}
      target="_blank"
      rel="noreferrer"
      data-kind={file.preview}
      data-size={file.size}
      aria-label={label}
      className={needsClaim ? "needs-script" : undefined}
    >
      {text}
    </a>
  )
}
