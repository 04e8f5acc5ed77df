import type { ReactNode } from "react"

type DisclosureProps = { summary: ReactNode; open?: boolean; children: ReactNode }

/** A summary that expands to show more. Works without JavaScript. */
export function Disclosure({ summary, open = false, children }: DisclosureProps) {
  return (
    <details open={open}>
      <summary className="min-h-11 cursor-pointer rounded-md py-3 text-sm font-medium text-soft hover:text-ink">
        {summary}
      </summary>
      {children}
    </details>
  )
}
