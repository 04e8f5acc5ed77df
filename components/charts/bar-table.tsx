import type { ReactNode } from "react"

type BarRow = {
  key: string
  name: ReactNode
  /** The numbers of the row, formatted. */
  cells: ReactNode[]
  /** The value that the bar shows. */
  size: number
}

type BarTableProps = {
  /** The heading of the names. */
  nameColumn: string
  columns: string[]
  /** Whether the headings are visible, not only read by screen readers. */
  headed?: boolean
  rows: BarRow[]
}

/** A table of names with their numbers, and a bar below each name. */
export function BarTable({ nameColumn, columns, headed = false, rows }: BarTableProps) {
  const most = Math.max(1, ...rows.map(({ size }) => size))
  return (
    <table className="w-full text-[0.9375rem]">
      <thead className={headed ? "text-xs text-soft" : "sr-only"}>
        <tr>
          <th scope="col" className="py-1 text-start font-medium">
            {nameColumn}
          </th>
          {columns.map((column) => (
            <th
              key={column}
              scope="col"
              className="py-1 ps-4 text-end font-medium whitespace-nowrap"
            >
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, cells, size }) => (
          <tr key={key} className="border-t border-line">
            <td className="w-full max-w-0 py-2">
              <span className="block truncate">{name}</span>
              <svg
                aria-hidden
                viewBox="0 0 100 6"
                preserveAspectRatio="none"
                className="mt-1 block h-1.5 w-full rounded-full rtl:-scale-x-100"
              >
                {size > 0 && (
                  <line
                    x2={Math.max(1, (size / most) * 100)}
                    y1={3}
                    y2={3}
                    strokeWidth={6}
                    strokeLinecap="round"
                    vectorEffect="non-scaling-stroke"
                    className="stroke-accent"
                  />
                )}
              </svg>
            </td>
            {cells.map((cell, index) => (
              <td
                key={columns[index]}
                className="py-2 ps-4 text-end align-top whitespace-nowrap text-soft"
              >
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
