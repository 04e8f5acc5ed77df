import type { ReactNode } from "react"
import { Button } from "#components/ui/button.tsx"
import type { ButtonLook } from "#components/ui/button-class.ts"

type DownloadFormProps = ButtonLook & { token: string; fileId: string; children: ReactNode }

/** Only a POST claims, so a download is a form: previews and prefetches never send one. */
export function DownloadForm({ token, fileId, children, ...look }: DownloadFormProps) {
  return (
    <form method="post" action={`/s/${token}/d/${fileId}`} className="shrink-0 print:hidden">
      <Button type="submit" {...look}>
        {children}
      </Button>
    </form>
  )
}
