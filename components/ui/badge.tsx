import type { ReactNode } from "react"
import { classNames } from "./class-names.ts"

const TONES = {
  plain: "text-soft inset-ring inset-ring-line",
  accent: "bg-wash text-accent-deep",
  warning: "bg-warning text-warning-ink",
  request: "bg-request text-request-ink",
  ok: "text-ok inset-ring inset-ring-current/30",
  danger: "bg-danger-wash text-danger",
}

export function Badge({
  children,
  tone = "plain",
}: {
  children: ReactNode
  tone?: keyof typeof TONES
}) {
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1 rounded-md px-1.75 py-0.5 text-xs font-medium whitespace-nowrap",
        TONES[tone],
      )}
    >
      {children}
    </span>
  )
}
