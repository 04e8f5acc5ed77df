import { Check, Minus, TriangleAlert } from "lucide-react"
import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"

const SIGNS = { ok: Check, off: Minus, warning: TriangleAlert }
const SIGN_CLASS = { ok: "text-ok", off: "text-soft", warning: "text-warning-ink" }

type StatusRowProps = {
  state: keyof typeof SIGNS
  /** The state in a word, for screen readers. */
  stateText: string
  name: ReactNode
  children: ReactNode
}

/** A row of a list of parts: whether each is well or on, and what to do where it is not. */
export function StatusRow({ state, stateText, name, children }: StatusRowProps) {
  const Sign = SIGNS[state]
  return (
    <li className="grid grid-cols-[1.25rem_1fr] gap-x-3 border-t border-line py-3">
      <span className={classNames("pt-0.75", SIGN_CLASS[state])}>
        <Sign aria-hidden size={18} strokeWidth={2.25} />
        <span className="sr-only">{stateText}</span>
      </span>
      <div className="min-w-0 sm:grid sm:grid-cols-[minmax(0,13rem)_minmax(0,1fr)] sm:gap-x-6">
        <h3 className="font-medium wrap-anywhere">{name}</h3>
        <div className="max-w-[70ch] text-soft wrap-anywhere">{children}</div>
      </div>
    </li>
  )
}
