"use client"

import { EllipsisVertical, Hash, Link2, Pencil, Trash2 } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import { useState } from "react"
import { ChecksumDialog } from "#components/files/checksum-dialog.tsx"
import { filesOf, toTree } from "#components/folders/folder.ts"
import { FolderTree } from "#components/folders/folder-tree.tsx"
import { LocalTime } from "#components/format.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { Button } from "#components/ui/button.tsx"
import { Checkbox } from "#components/ui/checkbox.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { FileKind } from "#components/ui/file-kind.tsx"
import { Menu, MenuItem, MenuSeparator } from "#components/ui/menu.tsx"
import type { FileView } from "#lib/files/file.ts"
import { formatBytes } from "#lib/format-bytes.ts"
import type { ShareSettings } from "#lib/web/share-settings.ts"
import { type ShareDialogs, useShareDialogs } from "../shares/use-share-dialogs.tsx"
import { DeleteFilesDialog } from "./delete-files-dialog.tsx"
import { RenameFileDialog } from "./rename-file-dialog.tsx"

const COLUMNS = "md:grid-cols-[auto_minmax(0,1fr)_6rem_11rem_auto] md:gap-x-4"

const GROUP_FROM = 8

type FileListProps = {
  files: FileView[]
  now: string
  settings: ShareSettings
}

/** A member's files: choose some, share, rename or delete them. */
export function FileList({ files: listed, now, settings }: FileListProps) {
  const t = useTranslations("member.files")
  const dialogs = useShareDialogs(settings)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [renaming, setRenaming] = useState<FileView | null>(null)
  const [deleting, setDeleting] = useState<FileView[]>([])
  const [checking, setChecking] = useState<FileView | null>(null)
  // Deleted files leave at once; the list itself follows.
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set())

  const files = listed.filter(({ id }) => !gone.has(id))
  // A few folders are told in their files' rows; many become a tree.
  const grouped = files.filter(({ path }) => path !== "").length >= GROUP_FROM

  // A file that left the list is not chosen any more.
  const here = files.filter(({ id }) => chosen.has(id))
  const choose = (ids: string[], on: boolean) =>
    setChosen((before) => {
      const after = new Set(before)
      for (const id of ids) on ? after.add(id) : after.delete(id)
      return after
    })
  const share = (some: FileView[]) =>
    dialogs.create(
      some.map(({ id }) => id),
      () => setChosen(new Set()),
    )

  return (
    <>
      {files.length > 0 && (
        <>
          <div className="flex min-h-11 items-center gap-x-4 pb-1 text-sm noscript:hidden">
            <Checkbox
              label={here.length > 0 ? t("chosen", { count: here.length }) : t("chooseAll")}
              checked={here.length > 0 && here.length === files.length}
              onChange={({ currentTarget }) =>
                choose(
                  files.map(({ id }) => id),
                  currentTarget.checked,
                )
              }
            />
          </div>
          <FolderTree
            tree={grouped ? toTree(files) : looseTree(files)}
            label={t("heading")}
            row={(file) => (
              <Row
                key={file.id}
                file={file}
                now={now}
                showFolder={!grouped}
                chosen={chosen.has(file.id)}
                onChoose={(on) => choose([file.id], on)}
                onShare={() => share([file])}
                onRename={() => setRenaming(file)}
                onCheck={() => setChecking(file)}
                onDelete={() => setDeleting([file])}
              />
            )}
            before={(folder) => {
              const ids = filesOf(folder).map(({ id }) => id)
              return (
                <Checkbox
                  label={t("chooseFolder", { name: folder.name })}
                  labelHidden
                  className="pt-2.5 noscript:hidden"
                  checked={ids.every((id) => chosen.has(id))}
                  onChange={({ currentTarget }) => choose(ids, currentTarget.checked)}
                />
              )
            }}
            aside={({ count }) => t("folderHere", { count })}
          />
        </>
      )}
      {here.length > 0 && (
        <ChosenBar
          files={here}
          dialogs={dialogs}
          onShare={() => share(here)}
          onDelete={() => setDeleting(here)}
          onNone={() => setChosen(new Set())}
        />
      )}
      <RenameFileDialog file={renaming} onClose={() => setRenaming(null)} />
      <DeleteFilesDialog
        files={deleting}
        onClose={() => setDeleting([])}
        onDeleted={(ids) => setGone((before) => new Set([...before, ...ids]))}
      />
      <ChecksumDialog file={checking} onClose={() => setChecking(null)} />
      {dialogs.dialogs}
    </>
  )
}

/** All in one list, wherever they were. */
function looseTree(files: FileView[]) {
  return { ...toTree<FileView>([]), files, count: files.length }
}

type RowProps = {
  file: FileView
  now: string
  /** Tells the folder under the name. */
  showFolder: boolean
  chosen: boolean
  onChoose: (on: boolean) => void
  onShare: () => void
  onRename: () => void
  onCheck: () => void
  onDelete: () => void
}

function Row({ file, now, showFolder, chosen, onChoose, ...on }: RowProps) {
  const t = useTranslations("member.files")
  const locale = useLocale()
  const { name, path, size, status, sha256, createdAt } = file
  const { onShare, onRename, onCheck, onDelete } = on
  return (
    <li
      className={classNames(
        "grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3.5 border-t border-line py-3 text-[0.9375rem]",
        COLUMNS,
        chosen && "-mx-3 bg-[color-mix(in_srgb,var(--color-wash)_45%,transparent)] px-3",
      )}
    >
      <div className="flex items-center gap-3.5">
        <Checkbox
          label={t("choose", { name })}
          labelHidden
          checked={chosen}
          onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
        />
        <FileKind name={name} />
      </div>
      <div className="min-w-0">
        <div className="flex items-center gap-2">
          <span className="truncate font-medium" title={name}>
            {name}
          </span>
          {status === "uploading" && <Badge>{t("arriving")}</Badge>}
        </div>
        {showFolder && path && (
          <div className="truncate text-sm text-soft" title={path}>
            {path}
          </div>
        )}
        <div className="text-sm text-soft md:hidden">
          {formatBytes(size, locale)} · <LocalTime at={createdAt} form="short" now={now} />
        </div>
      </div>
      <div className="text-right whitespace-nowrap max-md:hidden">{formatBytes(size, locale)}</div>
      <div className="text-soft max-md:hidden">
        <LocalTime at={createdAt} form="short" now={now} />
      </div>
      <div className="flex items-center justify-end noscript:hidden">
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
          {sha256 && (
            <MenuItem icon={<Hash aria-hidden size={16} />} onClick={onCheck}>
              {t("checksum")}
            </MenuItem>
          )}
          <MenuSeparator />
          <MenuItem tone="danger" icon={<Trash2 aria-hidden size={16} />} onClick={onDelete}>
            {t("delete")}
          </MenuItem>
        </Menu>
      </div>
    </li>
  )
}

type ChosenBarProps = {
  files: FileView[]
  dialogs: ShareDialogs
  onShare: () => void
  onDelete: () => void
  onNone: () => void
}

/** What to do with the chosen files, in reach wherever the list is scrolled to. */
function ChosenBar({ files, dialogs, onShare, onDelete, onNone }: ChosenBarProps) {
  const t = useTranslations("member.files")
  return (
    <section
      aria-label={t("chosen", { count: files.length })}
      className="sticky bottom-20 z-20 mt-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-[14px] bg-raised px-4 py-3 shadow-raised inset-ring inset-ring-line md:bottom-5"
    >
      <p className="grow text-sm font-medium max-sm:w-full">
        {t("chosen", { count: files.length })}
      </p>
      <Button variant="text" size="sm" onClick={onNone}>
        {t("chooseNone")}
      </Button>
      <Button variant="quiet" size="sm" onClick={onDelete}>
        {t("delete")}
      </Button>
      <Button size="sm" pending={dialogs.creating} onClick={onShare}>
        {t("createLink")}
      </Button>
    </section>
  )
}
