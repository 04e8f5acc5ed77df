"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ChecksumDialog } from "#components/files/checksum-dialog.tsx"
import { filesOf, toTree } from "#components/folders/folder.ts"
import { FolderTree } from "#components/folders/folder-tree.tsx"
import { SelectionBar } from "#components/selection-bar.tsx"
import { Button } from "#components/ui/button.tsx"
import { Checkbox } from "#components/ui/checkbox.tsx"
import { useSelection } from "#components/use-selection.ts"
import type { FileView } from "#lib/files/file.ts"
import type { ShareSettings } from "#lib/web/share-settings.ts"
import { useShareDialogs } from "../shares/use-share-dialogs.tsx"
import { CutOffFileDialog } from "./cut-off-file-dialog.tsx"
import { DeleteFilesDialog } from "./delete-files-dialog.tsx"
import { FileRow } from "./file-row.tsx"
import { RenameFileDialog } from "./rename-file-dialog.tsx"

const GROUP_FROM = 8

type FileListProps = {
  files: FileView[]
  now: string
  settings: ShareSettings
}

/** A member's files, to select, share, rename or delete. */
export function FileList({ files: listed, now, settings }: FileListProps) {
  const t = useTranslations("member.files")
  const dialogs = useShareDialogs(settings, now)
  const { selected, select, clear } = useSelection()
  const [renaming, setRenaming] = useState<FileView | null>(null)
  const [deleting, setDeleting] = useState<FileView[]>([])
  const [cuttingOff, setCuttingOff] = useState<FileView | null>(null)
  const [checksumOf, setChecksumOf] = useState<FileView | null>(null)
  // Deleted files disappear at once, before the page is read again.
  const [deletedIds, setDeletedIds] = useState<ReadonlySet<string>>(new Set())

  const files = listed.filter(({ id }) => !deletedIds.has(id))
  // Few folders are named in their files' rows, many become a tree.
  const grouped = files.filter(({ path }) => path !== "").length >= GROUP_FROM

  // A file that left the list is no longer selected.
  const selectedFiles = files.filter(({ id }) => selected.has(id))
  const share = (some: FileView[]) =>
    dialogs.create(
      some.map(({ id }) => id),
      clear,
    )

  return (
    <>
      {files.length > 0 && (
        <>
          <div className="flex min-h-11 items-center gap-x-4 pb-1 text-sm noscript:hidden">
            <Checkbox
              label={
                selectedFiles.length > 0
                  ? t("chosen", { count: selectedFiles.length })
                  : t("chooseAll")
              }
              checked={selectedFiles.length > 0 && selectedFiles.length === files.length}
              onChange={({ currentTarget }) =>
                select(
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
              <FileRow
                key={file.id}
                file={file}
                now={now}
                showFolder={!grouped}
                selected={selected.has(file.id)}
                onSelect={(on) => select([file.id], on)}
                onShare={() => share([file])}
                onRename={() => setRenaming(file)}
                onChecksum={() => setChecksumOf(file)}
                onCutOff={() => setCuttingOff(file)}
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
                  checked={ids.every((id) => selected.has(id))}
                  onChange={({ currentTarget }) => select(ids, currentTarget.checked)}
                />
              )
            }}
            aside={({ count }) => t("folderHere", { count })}
          />
        </>
      )}
      {selectedFiles.length > 0 && (
        <SelectionBar
          text={t("chosen", { count: selectedFiles.length })}
          clearLabel={t("chooseNone")}
          onClear={clear}
        >
          <Button variant="quiet" size="sm" onClick={() => setDeleting(selectedFiles)}>
            {t("delete")}
          </Button>
          <Button size="sm" pending={dialogs.creating} onClick={() => share(selectedFiles)}>
            {t("createLink")}
          </Button>
        </SelectionBar>
      )}
      <RenameFileDialog file={renaming} onClose={() => setRenaming(null)} />
      <DeleteFilesDialog
        files={deleting}
        onClose={() => setDeleting([])}
        onDeleted={(ids) => setDeletedIds((before) => new Set([...before, ...ids]))}
      />
      <CutOffFileDialog file={cuttingOff} onClose={() => setCuttingOff(null)} />
      <ChecksumDialog file={checksumOf} onClose={() => setChecksumOf(null)} />
      {dialogs.element}
    </>
  )
}

/** All files in one list, whatever their folders. */
function looseTree(files: FileView[]) {
  return { ...toTree<FileView>([]), files, count: files.length }
}
