import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"

type DottedProps = {
  /** Short facts, in which lines do not break unless one is longer than a line. */
  items: readonly ReactNode[]
  /** Shown after the facts, without a dot; or further facts, each a DottedItem. */
  end?: ReactNode
  className?: string
}

/** Facts with dots between them. A dot that would begin a line is cut off. */
export function Dotted({ items, end, className }: DottedProps) {
  return (
    <span className={classNames("block overflow-x-clip", className)}>
      <span className="-ms-3 flex flex-wrap *:ps-3">
        {items.filter(Boolean).map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the facts have no other key
          <DottedItem key={index} isFirst={index === 0}>
            {item}
          </DottedItem>
        ))}
        {end}
      </span>
    </span>
  )
}

type DottedItemProps = { isFirst?: boolean; className?: string; children: ReactNode }

/** A fact with its dot, for example one that only some screens have. */
export function DottedItem({ isFirst = false, className, children }: DottedItemProps) {
  return (
    <span className={classNames("relative max-w-full min-w-0 wrap-anywhere", className)}>
      {!isFirst && <span className="absolute start-0 w-3 text-center">{" · "}</span>}
      {children}
    </span>
  )
}
