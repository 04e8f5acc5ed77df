import { type ReactNode, useEffect, useEffectEvent } from "react"
import { classNames } from "#components/ui/class-names.ts"
import { ChooseAll } from "./choose-all.tsx"
import { usePicking } from "./picking.tsx"
import type { Selection } from "./use-selection.ts"

type SelectableListProps = {
  /** The accessible name of the list. */
  label: string
  /** The ids of the selectable rows on this page. */
  ids: string[]
  selection: Selection
  /** Fetches the ids of all pages; undefined: only rows of this page can be selected. */
  findAll?: () => Promise<{ ids: string[] }>
  /** Whether there are further pages. */
  hasMore?: boolean
  /** The grid of a list of pictures, which has no columns. */
  tiles?: string
  /** The column headings on a wide screen, and the grid class that the rows use too. */
  columns: { grid: string; heads: ReactNode }
  /** The actions on the selected rows, as a SelectionBar; null if the reader may not act on any. */
  bar: ReactNode
  /** The rows, each an `li`. */
  children: ReactNode
}

/** A list with selectable rows and actions on the selection. A phone shows its checkboxes on demand. */
export function SelectableList(props: SelectableListProps) {
  const { label, ids, selection, findAll, hasMore = false, tiles, columns, bar, children } = props
  const [picking] = usePicking()
  // Hidden rows are never selected.
  const clear = useEffectEvent(() => {
    if (selection.selected.size > 0) selection.clear()
  })
  useEffect(() => {
    if (!picking) clear()
  }, [picking])
  return (
    <div
      data-selectable={bar === null ? undefined : true}
      className={
        bar === null
          ? "[&_[data-select]]:hidden"
          : picking
            ? undefined
            : "max-md:[&_[data-select]]:hidden"
      }
    >
      <div
        className={classNames(
          "flex min-h-11 items-center text-sm lg:min-h-8",
          !tiles && "lg:grid",
          !picking && "max-md:hidden",
          columns.grid,
        )}
      >
        <div data-select>
          <ChooseAll
            ids={ids}
            selection={selection}
            findAll={findAll}
            hasMore={hasMore}
            labelClass={tiles ? "" : "lg:sr-only"}
          />
        </div>
        {!tiles && (
          <div aria-hidden className="contents text-xs font-medium text-soft max-lg:hidden">
            {columns.heads}
          </div>
        )}
      </div>
      <ul
        aria-label={label}
        className={
          tiles ??
          (ids.length > MANY_ROWS
            ? "*:[contain-intrinsic-size:auto_4.5rem] *:[content-visibility:auto]"
            : undefined)
        }
      >
        {children}
      </ul>
      {selection.selected.size > 0 && bar}
    </div>
  )
}

/** A longer list renders only visible rows. */
const MANY_ROWS = 100
