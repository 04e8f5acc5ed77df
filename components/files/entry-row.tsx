import type { ReactNode } from "react"
import { rowClass } from "#components/lists/row-class.ts"
import { classNames } from "#components/ui/class-names.ts"

/** How files are listed: one below the other, or as a grid of pictures. */
export type FilesLook = "rows" | "tiles"

type EntryRowProps = {
  look?: FilesLook
  selected?: boolean
  checkbox?: ReactNode
  picture: ReactNode
  name: ReactNode
  badges?: ReactNode
  /** Below the name. */
  details?: ReactNode
  /** The grid columns of a wide screen, and the cells between the name and the menu. */
  columns?: string
  cells?: ReactNode
  menu?: ReactNode
}

/** A file or a folder in a list. */
export function EntryRow({
  look = "rows",
  selected = false,
  columns = "",
  ...parts
}: EntryRowProps) {
  const { checkbox, picture, name, badges, details, cells, menu } = parts
  const title = (
    <>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        {name}
        {badges}
      </div>
      {details}
    </>
  )
  if (look === "tiles") {
    return (
      <li
        className={classNames(
          "relative min-w-0 rounded-xl p-2 hover:bg-[color-mix(in_srgb,var(--color-selected)_45%,transparent)]",
          selected && "bg-selected! inset-ring-2 inset-ring-accent",
        )}
      >
        <div className="grid aspect-4/3 place-items-center overflow-hidden rounded-lg bg-selected has-[>span>svg]:bg-transparent has-[>span>svg]:inset-ring has-[>span>svg]:inset-ring-line [&>.file-kind]:text-note">
          {picture}
        </div>
        {checkbox && <div className="absolute start-3.5 top-3.5">{checkbox}</div>}
        <div className="mt-1.5 flex items-start gap-1 text-[0.9375rem] leading-5">
          <div className="min-w-0 grow pt-1.5">{title}</div>
          <div className="relative z-10 -me-3.5 shrink-0">{menu}</div>
        </div>
      </li>
    )
  }
  return (
    <li className={classNames(rowClass(columns, selected), "py-2.5 lg:min-h-14 lg:py-1.75")}>
      <div className="flex items-center gap-4">
        {checkbox}
        {picture}
      </div>
      <div className="min-w-0">{title}</div>
      {cells}
      <div className="relative z-10 flex items-center justify-end">{menu}</div>
    </li>
  )
}
