import type { ReactNode } from "react"

type EffectRowProps = { text: string; children: ReactNode }

/** A button of an admin beside what it does. */
export function EffectRow({ text, children }: EffectRowProps) {
  return (
    <div className="flex items-center justify-between gap-6 max-sm:flex-col max-sm:items-stretch">
      <p className="max-w-[60ch] text-soft wrap-anywhere">{text}</p>
      <div className="shrink-0 max-sm:grid">{children}</div>
    </div>
  )
}
