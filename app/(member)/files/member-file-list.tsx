"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { type AskedText, TextDialog } from "#components/calls/text-dialog.tsx"
import { useToastedCall } from "#components/calls/use-call.ts"
import { ChecksumDialog } from "#components/files/checksum-dialog.tsx"
import { SelectableList } from "#components/lists/selectable-list.tsx"
import { SelectionBar } from "#components/lists/selection-bar.tsx"
import { useSelection } from "#components/lists/use-selection.ts"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { Button } from "#components/ui/button.tsx"
import type { FileView } from "#lib/rooms/files/file.ts"
import type { FolderView } from "#lib/rooms/files/list-folders.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { useShareDialogs } from "../shares/dialogs/use-share-dialogs.tsx"
import { CutOffFileDialog } from "./cut-off-file-dialog.tsx"
import { DeleteFilesDialog, type Deleting } from "./delete-files-dialog.tsx"
import { FILE_COLUMNS, FileRow } from "./file-row.tsx"
import { FolderRow } from "./folder-row.tsx"
import { useAskedTexts } from "./use-asked-texts.ts"

type MemberFileListProps = {
  files: FileView[]
  /** The subfolders of the folder that is shown. */
  folders: FolderView[]
  /** The path of the folder that is shown; "" is the root. */
  path: string
  /** Whether the list has files of several folders, so that each row names its folder. */
  flat: boolean
  /** Whether there are further pages. */
  hasMore: boolean
  /** The filter of the list, which holds on all of its pages. */
  filter: { q?: string; folder: string; shared?: "false" }
  now: string
  settings: PageSettings
}

/** A member's files and folders, which can be selected, shared, moved, renamed and deleted. */
export function MemberFileList(props: MemberFileListProps) {
  const { folders, path, flat, hasMore, filter, now, settings } = props
  const t = useTranslations("member.files")
  const { renameFile, renameFolder, move } = useAskedTexts()
  const dialogs = useShareDialogs(settings, now)
  const selection = useSelection()
  const { selected, select, clear } = selection
  const chosen = useFolderChoice(select)
  const [asked, setAsked] = useState<AskedText | null>(null)
  const [deleting, setDeleting] = useState<Deleting | null>(null)
  const [cuttingOff, setCuttingOff] = useState<FileView | null>(null)
  const [checksumOf, setChecksumOf] = useState<FileView | null>(null)
  // Deleted files disappear at once, before the page is refreshed.
  const [deletedIds, setDeletedIds] = useState<ReadonlySet<string>>(new Set())

  const files = props.files.filter(({ id }) => !deletedIds.has(id))
  const ids = [...selected]
  const clearAll = () => {
    clear()
    chosen.clear()
  }
  /** A selection of one folder alone is shared by its path, so that the share gets its name. */
  function shareChosen() {
    const folder = chosen.onlyFolder(selected.size)
    dialogs.create(folder === null ? { fileIds: ids } : { folder }, clearAll)
  }

  return (
    <>
      <SelectableList
        label={t("heading")}
        ids={files.map(({ id }) => id)}
        selection={{ ...selection, clear: clearAll }}
        findAll={() => ask("GET /files/ids", { query: filter })}
        hasMore={hasMore || folders.length > 0}
        columns={{
          grid: FILE_COLUMNS,
          heads: (
            <>
              <span>{t("name")}</span>
              <span className="text-end">{t("size")}</span>
              <span className="ps-4">{t("uploaded")}</span>
              <span />
            </>
          ),
        }}
        bar={
          <SelectionBar text={t("chosen", { count: selected.size })} onClear={clearAll}>
            <Button variant="quiet" size="sm" onClick={() => setDeleting({ ids, name: "" })}>
              {t("delete")}
            </Button>
            <Button
              variant="quiet"
              size="sm"
              onClick={() => setAsked(move({ ids, from: path }, clearAll))}
            >
              {t("move")}
            </Button>
            <Button size="sm" pending={dialogs.creating} onClick={shareChosen}>
              {t("createLink")}
            </Button>
          </SelectionBar>
        }
      >
        {folders.map((folder) => (
          <FolderRow
            key={folder.path}
            folder={folder}
            selected={chosen.has(folder.path)}
            onSelect={(on) => chosen.choose(folder.path, on)}
            onShare={() => dialogs.create({ folder: folder.path })}
            onRename={() => setAsked(renameFolder(folder))}
            onMove={() => setAsked(move({ folder: folder.path }, clearAll))}
            onDelete={() =>
              chosen.find(folder.path, (found) => setDeleting({ ids: found, name: folder.name }))
            }
          />
        ))}
        {files.map((file) => (
          <FileRow
            key={file.id}
            file={file}
            now={now}
            showFolder={flat}
            selected={selected.has(file.id)}
            onSelect={(on) => select([file.id], on)}
            onShare={() => dialogs.create({ fileIds: [file.id] }, clearAll)}
            onRename={() => setAsked(renameFile(file))}
            onMove={() => setAsked(move({ ids: [file.id], from: file.path }, clearAll))}
            onChecksum={() => setChecksumOf(file)}
            onCutOff={() => setCuttingOff(file)}
            onDelete={() => setDeleting({ ids: [file.id], name: file.name })}
          />
        ))}
      </SelectableList>
      <RefreshWhile
        what="arriving"
        left={files.filter(({ status }) => status === "checking").length}
      />
      <TextDialog asked={asked} onClose={() => setAsked(null)} />
      <DeleteFilesDialog
        deleting={deleting}
        onClose={() => setDeleting(null)}
        onDeleted={(gone) => {
          setDeletedIds((before) => new Set([...before, ...gone]))
          clearAll()
        }}
      />
      <CutOffFileDialog file={cuttingOff} onClose={() => setCuttingOff(null)} />
      <ChecksumDialog file={checksumOf} onClose={() => setChecksumOf(null)} />
      {dialogs.element}
    </>
  )
}

/** Selection of folders with all their files; the server finds the files by the folder's path. */
function useFolderChoice(select: (ids: string[], on: boolean) => void) {
  const { run } = useToastedCall()
  const [chosen, setChosen] = useState<ReadonlyMap<string, string[]>>(new Map())

  const find = (folder: string, onFound: (ids: string[]) => void) =>
    run(
      () => ask("GET /files/ids", { query: { folder } }),
      ({ ids }) => onFound(ids),
    )

  function choose(folder: string, on: boolean) {
    if (on) {
      return find(folder, (ids) => {
        setChosen((before) => new Map([...before, [folder, ids]]))
        select(ids, true)
      })
    }
    select(chosen.get(folder) ?? [], false)
    setChosen((before) => new Map([...before].filter(([path]) => path !== folder)))
  }

  return {
    find,
    choose,
    has: (folder: string) => chosen.has(folder),
    clear: () => setChosen(new Map()),
    /** The path of the selected folder, where the selection is exactly that folder. */
    onlyFolder(selected: number) {
      const [first] = chosen
      return chosen.size === 1 && first?.[1].length === selected ? first[0] : null
    },
  }
}
