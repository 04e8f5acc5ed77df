"use client"

import { Folder } from "lucide-react"
import Link from "next/link"
import { useLocale, useTranslations } from "next-intl"
import type { ComponentProps } from "react"
import { EntryRow, type FilesLook } from "#components/files/entry-row.tsx"
import { useOwnerPath } from "#components/nav/owner.ts"
import { classNames } from "#components/ui/class-names.ts"
import { RowFileName } from "#components/ui/files/file-name.tsx"
import { RowCheckbox } from "#components/ui/forms/checkbox.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { FolderView } from "#lib/rooms/files/list-folders.ts"
import { listAddress } from "#lib/web/list-address.ts"
import { FolderMenu, ShareRow } from "./file-menu.tsx"

type FolderRowProps = {
  folder: FolderView
  look: FilesLook
  columns: string
  selected: boolean
  onSelect: (on: boolean) => void
} & Omit<ComponentProps<typeof FolderMenu>, "name">

/** A folder in a member's list. A click opens it; its checkbox selects all files in it. */
export function FolderRow({ folder, look, columns, selected, onSelect, ...on }: FolderRowProps) {
  const t = useTranslations("member.folders")
  const words = useTranslations("member.shares")
  const locale = useLocale()
  const at = useOwnerPath()
  const { name, path, count, bytes } = folder
  const size = bytes === null ? null : formatBytes(bytes, locale)
  const total = count === null || size === null ? t("many") : t("total", { count, size })
  const isRow = look === "rows"
  return (
    <EntryRow
      look={look}
      columns={columns}
      selected={selected}
      checkbox={
        <RowCheckbox
          label={t("chooseFolder", { name })}
          checked={selected}
          onChange={({ currentTarget }) => onSelect(currentTarget.checked)}
        />
      }
      picture={
        <span className="grid size-9.5 shrink-0 place-items-center">
          <Folder aria-hidden size={isRow ? 22 : 36} strokeWidth={1.5} className="text-soft" />
        </span>
      }
      name={
        <Link
          href={listAddress(at("/files"), { path })}
          prefetch={false}
          title={name}
          className="line-clamp-3 font-medium wrap-anywhere after:absolute after:inset-0"
        >
          <RowFileName name={name} place={isRow ? "row" : "tile"} />
        </Link>
      }
      details={
        <div className="text-sm text-soft">
          <span className={isRow ? "lg:hidden" : undefined}>{total}</span>
          <span className={classNames("max-lg:hidden", !isRow && "hidden")}>
            {count === null ? total : words("fileCount", { count })}
          </span>
        </div>
      }
      cells={
        <>
          <div className="text-end whitespace-nowrap max-lg:hidden">{size}</div>
          <div className="max-lg:hidden" />
        </>
      }
      menu={
        <>
          {isRow && <ShareRow name={name} onShare={on.onShare} />}
          <FolderMenu name={name} {...on} />
        </>
      }
    />
  )
}
