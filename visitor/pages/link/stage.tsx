import { fileKind } from "#components/ui/files/file-kind.tsx"
import type { LinkFile } from "#lib/rooms/claims/open/link-page.ts"
import { thumbnailPath } from "#visitor/pages/files/file-lines.ts"
import { previewPath, previewWords } from "#visitor/pages/files/preview-link.ts"
import { useWords } from "#visitor/pages/page-context.ts"

type StageProps = { token: string; file: LinkFile }

/**
 * The only file of a link, large, as a link to its preview. islands/preview/show-picture.ts puts a
 * picture in place of the thumbnail; a video or a PDF opens on a click.
 */
export function Stage({ token, file }: StageProps) {
  const words = useWords()
  const { id, name, size, preview, hasThumbnail } = file
  return (
    <section id="files" data-live="files" className="stage">
      <a
        href={previewPath(token, id)}
        target="_blank"
        rel="noreferrer"
        data-kind={preview}
        data-size={size}
        data-name={name}
        aria-label={previewWords(file, words).label}
      >
        {hasThumbnail ? (
          // biome-ignore lint/performance/noImgElement: this is not one of Next's pages
          <img src={thumbnailPath(token, id)} alt="" data-type={fileKind(name)} />
        ) : (
          <b aria-hidden>{fileKind(name)}</b>
        )}
        {preview === "video" && PLAY}
      </a>
    </section>
  )
}

const PLAY = (
  <svg aria-hidden viewBox="0 0 24 24">
    <path d="M8 5.5v13l11-6.5z" />
  </svg>
)
