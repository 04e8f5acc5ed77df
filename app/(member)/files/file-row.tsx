"use client"

import { EllipsisVertical, FolderInput, Hash, Link2, Pencil, Trash2, Unlink } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import { LocalTime } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { Button } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { FileKind } from "#components/ui/files/file-kind.tsx"
import { Checkbox } from "#components/ui/forms/checkbox.tsx"
import { Menu, MenuItem, MenuSeparator } from "#components/ui/overlays/menu.tsx"
import type { FileView } from "#lib/files/file.ts"
import { formatBytes } from "#lib/text/format-bytes.ts"

/** The grid columns of file rows and folder rows. */
export const FILE_COLUMNS =
  "lg:grid-cols-[auto_minmax(0,1fr)_5.5rem_8.5rem_auto] lg:gap-x-4 xl:grid-cols-[auto_minmax(0,1fr)_6rem_11rem_auto]"

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
export function FileRow({ file, now, showFolder, selected, onSelect, ...on }: FileRowProps) {
  const t = useTranslations("member.files")
  const locale = useLocale()
  const { name, path, size, status, sha256, createdAt } = file
  const { onShare, onRename, onMove, onChecksum, onCutOff, onDelete } = on
  return (
    <li
      className={classNames(
        "grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3.5 border-t border-line py-3 text-[0.9375rem]",
        FILE_COLUMNS,
        selected && "-mx-3 bg-[color-mix(in_srgb,var(--color-wash)_45%,transparent)] px-3",
      )}
    >
      <div className="flex items-center gap-3.5">
        <Checkbox
          label={t("choose", { name })}
          labelHidden
          checked={selected}
          onChange={({ currentTarget }) => onSelect(currentTarget.checked)}
        />
        <FileKind name={name} />
      </div>
      <div className="min-w-0">
        <div className="flex items-center gap-2">
          <span className="line-clamp-3 min-w-0 font-medium wrap-anywhere" title={name}>
            <bdi>{name}</bdi>
          </span>
          {status === "uploading" && <Badge>{t("arriving")}</Badge>}
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
      <div className="text-right whitespace-nowrap max-lg:hidden">{formatBytes(size, locale)}</div>
      <div className="text-soft max-lg:hidden">
        <LocalTime at={createdAt} form="short" now={now} />
      </div>
      <div className="flex items-center justify-end">
        <Button
          variant="text"
          size="sm"
          className="max-md:hidden"
          aria-label={t("shareOf", { name })}
          onClick={onShare}
        >
          {t("share")}
        </Button>
        <Menu
          trigger={
            <button
              type="button"
              aria-label={t("menuOf", { name })}
              className="grid size-11 place-items-center rounded-lg text-soft hover:bg-wash hover:text-ink md:-mr-2 md:size-9"
            >
              <EllipsisVertical aria-hidden size={18} />
            </button>
          }
        >
          <MenuItem icon={<Link2 aria-hidden size={16} />} onClick={onShare}>
            {t("share")}
          </MenuItem>
          <MenuItem icon={<Pencil aria-hidden size={16} />} onClick={onRename}>
            {t("rename")}
          </MenuItem>
          <MenuItem icon={<FolderInput aria-hidden size={16} />} onClick={onMove}>
            {t("move")}
          </MenuItem>
          {sha256 && (
            <MenuItem icon={<Hash aria-hidden size={16} />} onClick={onChecksum}>
              {t("checksum")}
            </MenuItem>
          )}
          <MenuSeparator />
          {status === "ready" && (
            <MenuItem tone="danger" icon={<Unlink aria-hidden size={16} />} onClick={onCutOff}>
              {t("cutOff")}
            </MenuItem>
          )}
          <MenuItem tone="danger" icon={<Trash2 aria-hidden size={16} />} onClick={onDelete}>
            {t("delete")}
          </MenuItem>
        </Menu>
      </div>
    </li>
  )
}
