"use client"

import { Folder } from "lucide-react"
import Link from "next/link"
import { useLocale, useTranslations } from "next-intl"
import { classNames } from "#components/ui/class-names.ts"
import { Checkbox } from "#components/ui/forms/checkbox.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { FolderView } from "#lib/rooms/files/list-folders.ts"
import { FILE_COLUMNS } from "./file-row.tsx"
import { RowActions } from "./row-actions.tsx"

type FolderRowProps = {
  folder: FolderView
  selected: boolean
  onSelect: (on: boolean) => void
  onShare: () => void
  onRename: () => void
  onMove: () => void
  onDelete: () => void
}

/** A folder in a member's list. A click opens it; its checkbox selects all files in it. */
export function FolderRow({ folder, selected, onSelect, ...on }: FolderRowProps) {
  const t = useTranslations("member.folders")
  const locale = useLocale()
  const { name, path, count, bytes } = folder
  const size = bytes === null ? null : formatBytes(bytes, locale)
  const total = count === null || size === null ? t("many") : t("total", { count, size })
  return (
    <li
      className={classNames(
        "relative grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3.5 border-t border-line py-3 text-[0.9375rem]",
        FILE_COLUMNS,
        selected && "-mx-3 bg-selected/60 px-3",
      )}
    >
      <div className="relative z-10 flex items-center gap-3.5">
        <Checkbox
          label={t("chooseFolder", { name })}
          labelHidden
          className="-m-2.5 p-2.5"
          checked={selected}
          onChange={({ currentTarget }) => onSelect(currentTarget.checked)}
        />
        <span className="grid size-9 place-items-center">
          <Folder aria-hidden size={22} strokeWidth={1.5} className="text-soft" />
        </span>
      </div>
      <div className="min-w-0">
        <Link
          href={`/files?path=${encodeURIComponent(path)}`}
          prefetch={false}
          title={name}
          className="line-clamp-3 font-medium wrap-anywhere after:absolute after:inset-0"
        >
          <bdi>{name}</bdi>
        </Link>
        <span className="text-sm text-soft">{total}</span>
      </div>
      <div className="text-end whitespace-nowrap max-lg:hidden">{size}</div>
      <div className="max-lg:hidden" />
      <div className="relative z-10 flex items-center justify-end">
        <RowActions {...on} name={name} />
      </div>
    </li>
  )
}
