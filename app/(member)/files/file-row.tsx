"use client"

import { useLocale, useTranslations } from "next-intl"
import { FilePicture } from "#components/files/file-picture.tsx"
import { UncheckedBadge } from "#components/files/unchecked-badge.tsx"
import { rowClass } from "#components/lists/row-class.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { RowFileName } from "#components/ui/files/file-name.tsx"
import { RowCheckbox } from "#components/ui/forms/checkbox.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { FileView } from "#lib/rooms/files/file.ts"
import { RowActions } from "./row-actions.tsx"

/** The grid columns of file rows and folder rows. */
export const FILE_COLUMNS =
  "lg:grid-cols-[4.5rem_minmax(0,1fr)_5.5rem_8.5rem_8rem] lg:gap-x-4 xl:grid-cols-[4.5rem_minmax(0,1fr)_6rem_11rem_8rem]"

type FileRowProps = {
  file: FileView
  now: string
  /** Whether the row shows the file's folder under its name. */
  showFolder: boolean
  selected: boolean
  onSelect: (on: boolean) => void
  onShare: () => void
  onRename: () => void
  onMove: () => void
  onChecksum: () => void
  onCutOff: () => void
  onDelete: () => void
}

/** One file in a member's list, with its actions. */
export function FileRow(props: FileRowProps) {
  const { file, now, showFolder, selected, onSelect, onChecksum, onCutOff, ...on } = props
  const t = useTranslations("member.files")
  const locale = useLocale()
  const { name, path, size, status, sha256, createdAt } = file
  return (
    <li className={classNames(rowClass(FILE_COLUMNS, selected), "py-2.5 lg:min-h-14 lg:py-1.75")}>
      <div className="flex items-center gap-4">
        <RowCheckbox
          label={t("choose", { name })}
          checked={selected}
          onChange={({ currentTarget }) => onSelect(currentTarget.checked)}
        />
        <FilePicture file={file} />
      </div>
      <div className="min-w-0">
        <div className="flex items-center gap-2">
          <span className="line-clamp-3 min-w-0 font-medium wrap-anywhere" title={name}>
            <RowFileName name={name} />
          </span>
          {status === "uploading" && <Badge>{t("arriving")}</Badge>}
          <UncheckedBadge {...file} />
        </div>
        {showFolder && path && (
          <div className="truncate text-sm text-soft" title={path}>
            {path}
          </div>
        )}
        <div className="text-sm text-soft lg:hidden">
          {formatBytes(size, locale)} · <LocalTime at={createdAt} form="short" now={now} />
        </div>
      </div>
      <div className="text-end whitespace-nowrap max-lg:hidden">{formatBytes(size, locale)}</div>
      <div className="ps-4 text-soft max-lg:hidden">
        <LocalTime at={createdAt} form="short" now={now} />
      </div>
      <div className="flex items-center justify-end">
        <RowActions
          {...on}
          name={name}
          onChecksum={sha256 !== null && onChecksum}
          onCutOff={status === "ready" && onCutOff}
        />
      </div>
    </li>
  )
}
