import type { ReactNode } from "react"
import { type ButtonLook, buttonClass } from "#components/ui/button-class.ts"

type DownloadFormProps = ButtonLook & {
  token: string
  fileId: string
  /** What the button is called where its own text does not say it. */
  label?: string
  children: ReactNode
}

/** Only a POST claims, so a download is a form: previews and prefetches never send one. */
export function DownloadForm({ token, fileId, label, children, ...look }: DownloadFormProps) {
  return (
    <form method="post" action={`/s/${token}/d/${fileId}`} className="shrink-0 print:hidden">
      <button type="submit" aria-label={label} className={buttonClass(look)}>
        {children}
      </button>
    </form>
  )
}
