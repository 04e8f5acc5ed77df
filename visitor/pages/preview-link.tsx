import type { LinkFile } from "#lib/claims/open/link-page.ts"
import type { Words } from "#visitor/language/words.ts"

export const previewPath = (token: string, fileId: string) => `/s/${token}/p/${fileId}`

/** What a link to a file's preview says: a video or a sound is played. */
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
  /** Whether looking is refused until a claim, which takes JavaScript. */
  needsClaim: boolean
}

/**
 * Leads to the file itself, from the store's origin; islands/previews.ts opens the viewer in place
 * of that. The kind and the size are for the viewer.
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
