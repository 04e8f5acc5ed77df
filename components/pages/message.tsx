import type { ReactNode } from "react"

export type MessageProps = {
  title: ReactNode
  action?: ReactNode
  children: ReactNode
}

/** A message in place of the content of a page. */
export function Message({ title, action, children }: MessageProps) {
  return (
    <>
      <h1 className="text-title md:text-display">{title}</h1>
      <div className="mt-3 max-w-[46ch] text-note">{children}</div>
      {action && <div className="mt-7 flex flex-wrap gap-3">{action}</div>}
    </>
  )
}
