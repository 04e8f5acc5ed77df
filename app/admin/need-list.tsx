import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"

const DOTS = {
  danger: "bg-danger",
  warning: "bg-warning-ink",
  request: "bg-request-ink",
} as const
export type NeedTone = keyof typeof DOTS

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
export const Need = ({ tone, state, title, action, children }: NeedProps) => (
  <li className="flex flex-wrap items-start gap-x-3.5 gap-y-2.5 border-t border-line px-4 py-3 first:border-t-0">
    <span aria-hidden className={classNames("mt-2 size-2.25 shrink-0 rounded-full", DOTS[tone])} />
    <div className="min-w-0 flex-1 basis-40 wrap-anywhere">
      <h3 className="font-semibold">
        {state && <span className="sr-only">{state}: </span>}
        {title}
      </h3>
      {children && <div className="max-w-[80ch] text-sm text-soft">{children}</div>}
    </div>
    {action && <div className="self-center max-sm:ps-5.75">{action}</div>}
  </li>
)
