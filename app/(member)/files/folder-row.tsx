"use client"

import { Folder } from "lucide-react"
import Link from "next/link"
import { useLocale, useTranslations } from "next-intl"
import { rowClass } from "#components/lists/row-class.ts"
import { classNames } from "#components/ui/class-names.ts"
import { RowFileName } from "#components/ui/files/file-name.tsx"
import { RowCheckbox } from "#components/ui/forms/checkbox.tsx"
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
  const words = useTranslations("member.shares")
  const locale = useLocale()
  const { name, path, count, bytes } = folder
  const size = bytes === null ? null : formatBytes(bytes, locale)
  const total = count === null || size === null ? t("many") : t("total", { count, size })
  return (
    <li className={classNames(rowClass(FILE_COLUMNS, selected), "py-2.5 lg:min-h-14 lg:py-1.75")}>
      <div className="flex items-center gap-4">
        <RowCheckbox
          label={t("chooseFolder", { name })}
          checked={selected}
          onChange={({ currentTarget }) => onSelect(currentTarget.checked)}
        />
        <span className="grid size-9.5 shrink-0 place-items-center">
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
          <RowFileName name={name} />
        </Link>
        <div className="text-sm text-soft">
          <span className="lg:hidden">{total}</span>
          <span className="max-lg:hidden">
            {count === null ? total : words("fileCount", { count })}
          </span>
        </div>
      </div>
      <div className="text-end whitespace-nowrap max-lg:hidden">{size}</div>
      <div className="max-lg:hidden" />
      <div className="relative z-10 flex items-center justify-end">
        <RowActions {...on} name={name} />
      </div>
    </li>
  )
}
