"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ChosenBar } from "#components/chosen-bar.tsx"
import { ChecksumDialog } from "#components/files/checksum-dialog.tsx"
import { filesOf, toTree } from "#components/folders/folder.ts"
import { FolderTree } from "#components/folders/folder-tree.tsx"
import { Button } from "#components/ui/button.tsx"
import { Checkbox } from "#components/ui/checkbox.tsx"
import { useChosen } from "#components/use-chosen.ts"
import type { FileView } from "#lib/files/file.ts"
import type { ShareSettings } from "#lib/web/share-settings.ts"
import { useShareDialogs } from "../shares/use-share-dialogs.tsx"
import { DeleteFilesDialog } from "./delete-files-dialog.tsx"
import { FileRow } from "./file-row.tsx"
import { RenameFileDialog } from "./rename-file-dialog.tsx"

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
  const { chosen, choose, clear } = useChosen()
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
              <FileRow
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
          text={t("chosen", { count: here.length })}
          clearLabel={t("chooseNone")}
          onClear={clear}
        >
          <Button variant="quiet" size="sm" onClick={() => setDeleting(here)}>
            {t("delete")}
          </Button>
          <Button size="sm" pending={dialogs.creating} onClick={() => share(here)}>
            {t("createLink")}
          </Button>
        </ChosenBar>
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
