import type { ReactNode } from "react"
import { type ButtonLook, buttonClass } from "#components/ui/button-class.ts"
import type { LinkFile } from "#lib/rooms/claims/open/link-page.ts"

export const downloadPath = (token: string, fileId: string) => `/s/${token}/d/${fileId}`

/** A smaller download finishes too soon for a pause or a checksum. */
const LARGE_BYTES = 64 * 1024 ** 2

/** The attributes that islands/resumable/offer-resumable.ts needs for a large file. */
export const largeFile = ({ name, size, sha256 }: LinkFile) =>
  size < LARGE_BYTES
    ? undefined
    : { "data-size": size, "data-name": name, "data-sha256": sha256 ?? undefined }

type DownloadFormProps = ButtonLook & {
  token: string
  file: LinkFile
  children: ReactNode
}

/** A download as a form: only a POST claims, and previews and prefetches never send one. */
export function DownloadForm({ token, file, children, ...look }: DownloadFormProps) {
  return (
    <form
      method="post"
      action={downloadPath(token, file.id)}
      {...largeFile(file)}
      className="shrink-0 print:hidden"
    >
      <button type="submit" className={buttonClass(look)}>
        {children}
      </button>
    </form>
  )
}
