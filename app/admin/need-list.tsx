import { CircleQuestionMark, TriangleAlert } from "lucide-react"
import type { ReactNode } from "react"

const SIGNS = {
  danger: { Sign: TriangleAlert, colour: "text-danger" },
  warning: { Sign: TriangleAlert, colour: "text-warning-ink" },
  request: { Sign: CircleQuestionMark, colour: "text-request-ink" },
} as const
type NeedTone = keyof typeof SIGNS

/** The issues that an admin has to resolve, each a Need. */
export const NeedList = ({ children }: { children: ReactNode }) => (
  <ul className="rounded-[14px] border border-line bg-raised">{children}</ul>
)

type NeedProps = {
  tone: NeedTone
  /** The severity in words, for readers who do not see the colour. */
  state?: string
  title: ReactNode
  /** The button that resolves it. */
  action?: ReactNode
  children?: ReactNode
}

/** An issue, and the button that resolves it. */
export function Need({ tone, state, title, action, children }: NeedProps) {
  const { Sign, colour } = SIGNS[tone]
  return (
    <li className="flex flex-wrap items-start gap-x-3.5 gap-y-2.5 border-t border-line px-4 py-3 first:border-t-0">
      <Sign aria-hidden size={18} strokeWidth={2.25} className={`mt-0.75 shrink-0 ${colour}`} />
      <div className="min-w-0 flex-1 basis-40 wrap-anywhere">
        <h3 className="font-semibold">
          {state && <span className="sr-only">{state}: </span>}
          {title}
        </h3>
        {children && <div className="max-w-[80ch] text-sm text-soft">{children}</div>}
      </div>
      {action && <div className="ms-auto self-center">{action}</div>}
    </li>
  )
}
