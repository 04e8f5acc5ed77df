import type { ComponentProps } from "react"
import { classNames } from "#components/ui/class-names.ts"

/** A table with lines between its rows. It scrolls horizontally if it is too wide. */
export function Table({ className, ...rest }: ComponentProps<"table">) {
  return (
    <div className="-mx-1 overflow-x-auto px-1">
      <table
        className={classNames("w-full border-collapse text-[0.9375rem]", className)}
        {...rest}
      />
    </div>
  )
}

export function TableHead({ children }: { children: ComponentProps<"tr">["children"] }) {
  return (
    <thead>
      <tr>{children}</tr>
    </thead>
  )
}

type CellProps = { numeric?: boolean }

/** A heading cell; without children it is an empty cell. */
export function TableHeading({ numeric, className, ...rest }: ComponentProps<"th"> & CellProps) {
  if (!rest.children) return <td className={className} />
  return (
    <th
      scope="col"
      className={classNames(
        "pe-3.5 pb-2.5 text-xs font-medium whitespace-nowrap text-soft last:pe-0",
        numeric ? "text-end" : "text-start",
        className,
      )}
      {...rest}
    />
  )
}

/** A row; `over` greys out one that is no longer active. */
export function TableRow({ over, className, ...rest }: ComponentProps<"tr"> & { over?: boolean }) {
  return (
    <tr className={classNames("border-t border-line", over && "text-soft", className)} {...rest} />
  )
}

export function TableCell({ numeric, className, ...rest }: ComponentProps<"td"> & CellProps) {
  return (
    <td
      className={classNames(
        "py-3.5 pe-3.5 align-middle last:pe-0",
        numeric && "text-end whitespace-nowrap",
        className,
      )}
      {...rest}
    />
  )
}
