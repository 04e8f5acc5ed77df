import type { ReactNode } from "react"

type AccountRowProps = {
  id: string
  title: ReactNode
  /** The state of this part, or what it is for. */
  text: ReactNode
  /** The buttons that change it. */
  action?: ReactNode
  /** What it consists of, as a list. */
  children?: ReactNode
}

/** One part of an account, with its state and what changes it. */
export function AccountRow({ id, title, text, action, children }: AccountRowProps) {
  return (
    <div
      id={id}
      className="w-full scroll-mt-6 border-line py-4 first:pt-0 last:pb-0 not-first:border-t"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 grow basis-80">
          <h3 className="font-medium">{title}</h3>
          <div className="mt-0.5 max-w-140 text-sm text-soft">{text}</div>
        </div>
        {action && <div className="flex flex-wrap gap-2">{action}</div>}
      </div>
      {children && <div className="mt-3">{children}</div>}
    </div>
  )
}
