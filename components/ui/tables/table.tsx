import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"

export type Column<Row> = {
  /** The heading; without one it is an empty cell. */
  head?: string
  numeric?: boolean
  /** The classes of its heading and its cells. */
  className?: string
  cell: (row: Row) => ReactNode
}

type TableProps<Row> = {
  columns: Column<Row>[]
  rows: Row[]
  /** Whether a row is greyed out, because it is no longer active. */
  isOver?: (row: Row) => boolean
}

/** A table with lines between its rows. It scrolls horizontally if it is too wide. */
export function Table<Row extends { id: string }>({ columns, rows, isOver }: TableProps<Row>) {
  return (
    <div className="-mx-1 overflow-x-auto px-1">
      <table className="w-full border-collapse text-[0.9375rem]">
        <thead>
          <tr>
            {columns.map(({ head, numeric, className }, index) =>
              head ? (
                <th
                  key={head}
                  scope="col"
                  className={classNames(
                    "pe-3.5 pb-2.5 text-xs font-medium whitespace-nowrap text-soft last:pe-0",
                    numeric ? "text-end" : "text-start",
                    className,
                  )}
                >
                  {head}
                </th>
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: the columns keep their order
                <td key={index} className={className} />
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.id}
              className={classNames("border-t border-line", isOver?.(row) && "text-soft")}
            >
              {columns.map(({ numeric, className, cell }, index) => (
                <td
                  // biome-ignore lint/suspicious/noArrayIndexKey: the columns keep their order
                  key={index}
                  className={classNames(
                    "py-3.5 pe-3.5 align-middle last:pe-0",
                    numeric && "text-end whitespace-nowrap",
                    className,
                  )}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
