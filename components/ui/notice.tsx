import type { ReactNode } from "react"
import { classNames } from "./class-names.ts"

const TONES = {
  plain: "bg-selected text-ink",
  warning: "bg-warning text-warning-ink",
  success: "bg-success text-success-ink",
  request: "bg-request text-request-ink",
  danger: "bg-danger-wash text-danger",
}

type NoticeProps = { children: ReactNode; tone?: keyof typeof TONES; className?: string }

/** An important sentence in the page's flow. Screen readers announce red ones at once. */
export function Notice({ children, tone = "plain", className }: NoticeProps) {
  return (
    <div
      role={tone === "danger" ? "alert" : undefined}
      className={classNames("rounded-[10px] px-4 py-3 text-[0.9375rem]", TONES[tone], className)}
    >
      {children}
    </div>
  )
}
