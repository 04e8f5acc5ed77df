import type { ReactNode } from "react"

type EmptyProps = { title: ReactNode; children?: ReactNode; action?: ReactNode }

/** The placeholder of an empty list: its purpose, and how to add the first item. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-start gap-4 py-10 sm:flex-row sm:items-center sm:gap-6">
      <div className="min-w-0 grow">
        <p className="font-semibold tracking-[-0.01em]">{title}</p>
        {children && <div className="mt-0.5 max-w-[54ch] text-soft">{children}</div>}
      </div>
      {action}
    </div>
  )
}
