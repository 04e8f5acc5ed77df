import type { ReactNode } from "react"
import { type ButtonLook, buttonClass } from "#components/ui/button-class.ts"
import type { LinkFile } from "#lib/rooms/claims/open/link-page.ts"
import { html, type Markup } from "#visitor/pages/html.ts"

const downloadPath = (token: string, fileId: string) => `/s/${token}/d/${fileId}`

/** A smaller download finishes too soon for a pause or a checksum. */
const LARGE_BYTES = 64 * 1024 ** 2

type DownloadFormProps = ButtonLook & {
  token: string
  file: LinkFile
  children: ReactNode
}

/**
 * A download as a form: only a POST claims, and previews and prefetches never send one. A large
 * file has the attributes that islands/resumable/offer-resumable.ts reads.
 */
export function DownloadForm({ token, file, children, ...look }: DownloadFormProps) {
  const { id, name, size, sha256 } = file
  const isLarge = size >= LARGE_BYTES
  return (
    <form
      method="post"
      action={downloadPath(token, id)}
      {...(isLarge && { "data-size": size, "data-name": name, "data-sha256": sha256 })}
      className="shrink-0 print:hidden"
    >
      <button type="submit" className={buttonClass(look)}>
        {children}
      </button>
    </form>
  )
}

/** The same form in a list of files. */
export function downloadForm(token: string, file: LinkFile, button: Markup): Markup {
  const { id, name, size, sha256 } = file
  const large =
    size >= LARGE_BYTES &&
    html` data-size="${size}" data-name="${name}"${sha256 && html` data-sha256="${sha256}"`}`
  return html`<form method="post" action="${downloadPath(token, id)}"${large}>${button}</form>`
}
