import { ArrowDown, ArrowUp } from "lucide-react"
import Link from "next/link"
import type { ReactNode } from "react"
import { classNames } from "#components/ui/class-names.ts"

type Column<Row> = {
  /** The heading. Without one, the cell is empty. */
  head?: string
  numeric?: boolean
  className?: string
  cell: (row: Row) => ReactNode
  /** The address of the list sorted by this column, or in the other direction. */
  sortHref?: string
  /** Set on the column by which the rows are sorted. */
  sorted?: "ascending" | "descending" | undefined
}

type TableProps<Row> = {
  columns: Column<Row>[]
  rows: Row[]
  /** Whether a row is greyed out, because it is no longer active. */
  isOver?: (row: Row) => boolean
  /** Whether the rows have a small height. */
  dense?: boolean
  /** Whether only screen readers read the headings. */
  isHeadless?: boolean
}

/** A table with lines between its rows. It scrolls horizontally if it is too wide. */
export function Table<Row extends { id: string }>({
  columns,
  rows,
  isOver,
  dense = false,
  isHeadless = false,
}: TableProps<Row>) {
  return (
    <div className="-mx-1 overflow-x-auto px-1">
      <table className="w-full border-collapse text-[0.9375rem]">
        <thead className={isHeadless ? "sr-only" : undefined}>
          <tr>
            {columns.map(({ head, numeric, className, sortHref, sorted }, index) =>
              head ? (
                <th
                  key={head}
                  scope="col"
                  aria-sort={sorted}
                  className={classNames(
                    "pe-3.5 pb-2.5 text-xs font-medium whitespace-nowrap text-soft last:pe-0",
                    numeric ? "text-end" : "text-start",
                    className,
                  )}
                >
                  {sortHref ? <SortLink href={sortHref} text={head} sorted={sorted} /> : head}
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
                    "pe-3.5 align-middle last:pe-0",
                    dense ? "py-1.5" : "py-3.5",
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

type SortLinkProps = { href: string; text: string; sorted: Column<never>["sorted"] }

function SortLink({ href, text, sorted }: SortLinkProps) {
  const Arrow = sorted === "ascending" ? ArrowUp : ArrowDown
  return (
    <Link
      href={href}
      prefetch={false}
      scroll={false}
      className={classNames(
        "inline-flex min-h-6 items-center gap-1 rounded-sm hover:text-ink",
        sorted && "font-semibold text-ink",
      )}
    >
      {text}
      {sorted && <Arrow aria-hidden size={13} strokeWidth={2.5} />}
    </Link>
  )
}
