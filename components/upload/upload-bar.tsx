import type { ReactNode } from "react"

/** A sentence below the rows of uploads, with actions for all of them. */
export function UploadBar({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-x-4 gap-y-3 border-t border-line py-3.5 max-sm:flex-col max-sm:items-stretch">
      <p className="text-soft">{text}</p>
      {children && <div className="flex shrink-0 gap-2 max-sm:flex-col-reverse">{children}</div>}
    </div>
  )
}
