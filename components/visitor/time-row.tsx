import type { ReactNode, Ref } from "react"

type TimeRowProps = {
  ring: ReactNode
  /** What is so, such as "Open for 2 days". */
  title: ReactNode
  /** Until or from when. */
  children?: ReactNode
  ref?: Ref<HTMLDivElement>
}

/** The ring, and in words what it shows. */
export function TimeRow({ ring, title, children, ref }: TimeRowProps) {
  return (
    <div ref={ref} className="flex items-center gap-4.5">
      {ring}
      <div className="min-w-0">
        <p role="timer" className="text-lg font-semibold tracking-[-0.01em]">
          {title}
        </p>
        {children && <p className="text-soft wrap-anywhere">{children}</p>}
      </div>
    </div>
  )
}
