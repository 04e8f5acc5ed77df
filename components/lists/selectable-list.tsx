import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"
import { ChooseAll } from "./choose-all.tsx"
import type { Selection } from "./use-selection.ts"

type SelectableListProps = {
  /** What the list has, for screen readers. */
  label: string
  /** The rows of this page that can be chosen. */
  ids: string[]
  selection: Selection
  /** Finds the rows of all pages; left out, only those of this page can be chosen. */
  findAll?: () => Promise<{ ids: string[] }>
  /** Whether the list goes on on other pages. */
  hasMore?: boolean
  /** Beside the box that chooses all. */
  aside?: ReactNode
  /** The heads of the columns on a wide screen, and the grid that the rows have too. */
  columns?: { grid: string; heads: ReactNode }
  /** What can be done with the chosen rows, as a SelectionBar. */
  bar: ReactNode
  /** The rows, each an `li`. */
  children: ReactNode
}

/** Rows of which some or all can be chosen, and what can be done with those. */
export function SelectableList(props: SelectableListProps) {
  const { label, ids, selection, findAll, hasMore = false, aside, columns, bar, children } = props
  return (
    <>
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 pb-1 text-sm">
        <ChooseAll {...{ ids, selection, findAll, hasMore }} />
        {aside}
      </div>
      {columns && (
        <div
          aria-hidden
          className={classNames(
            "hidden pb-2.5 text-xs font-medium text-soft md:grid",
            columns.grid,
          )}
        >
          <span className="w-4.5" />
          {columns.heads}
        </div>
      )}
      <ul
        aria-label={label}
        className={
          ids.length > MANY_ROWS
            ? "*:[contain-intrinsic-size:auto_4.5rem] *:[content-visibility:auto]"
            : undefined
        }
      >
        {children}
      </ul>
      {selection.selected.size > 0 && bar}
    </>
  )
}

/** A longer list paints only the rows in sight. */
const MANY_ROWS = 100
