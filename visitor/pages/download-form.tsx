import type { ReactNode } from "react"
import { type ButtonLook, buttonClass } from "#components/ui/button-class.ts"

export const downloadPath = (token: string, fileId: string) => `/s/${token}/d/${fileId}`

type DownloadFormProps = ButtonLook & {
  token: string
  fileId: string
  children: ReactNode
}

/** Only a POST claims, so a download is a form: previews and prefetches never send one. */
export function DownloadForm({ token, fileId, children, ...look }: DownloadFormProps) {
  return (
    <form method="post" action={downloadPath(token, fileId)} className="shrink-0 print:hidden">
      <button type="submit" className={buttonClass(look)}>
        {children}
      </button>
    </form>
  )
}
