import type { ReactNode } from "react"
import { type ButtonLook, buttonClass } from "#components/ui/button-class.ts"
import type { LinkFile } from "#lib/claims/open/link-page.ts"

export const downloadPath = (token: string, fileId: string) => `/s/${token}/d/${fileId}`

/** Below this size a download is over before a pause or a checksum is worth a click. */
const LARGE_BYTES = 64 * 1024 ** 2

/** What islands/offer-resumable.ts needs of a large file. */
export const largeFile = ({ name, size, sha256 }: LinkFile) =>
  size < LARGE_BYTES
    ? undefined
    : { "data-size": size, "data-name": name, "data-sha256": sha256 ?? undefined }

type DownloadFormProps = ButtonLook & {
  token: string
  file: LinkFile
  children: ReactNode
}

/** Only a POST claims, so a download is a form: previews and prefetches never send one. */
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
