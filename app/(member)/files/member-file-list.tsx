"use client"

import { useLocale, useTranslations } from "next-intl"
import { useState } from "react"
import { useOwnerChange } from "#components/accounts/teams/owner-change.tsx"
import { ask } from "#components/calls/ask.ts"
import { useToastedCall, useToastedChange } from "#components/calls/use-call.ts"
import type { FilesLook } from "#components/files/entry-row.tsx"
import { FileRow } from "#components/files/file-row.tsx"
import { SelectableList } from "#components/lists/selectable-list.tsx"
import { SelectionBar } from "#components/lists/selection-bar.tsx"
import { useSelection } from "#components/lists/use-selection.ts"
import { RefreshWhile } from "#components/refresh/refresh-while.tsx"
import { LocalTime, TimeHead } from "#components/time/local-time.tsx"
import { Badge } from "#components/ui/badge.tsx"
import { Button } from "#components/ui/button.tsx"
import { classNames } from "#components/ui/class-names.ts"
import { RowCheckbox } from "#components/ui/forms/checkbox.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { FolderView } from "#lib/rooms/files/list-folders.ts"
import type { Keep, OwnFile } from "#lib/rooms/files/retention/keep-files.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { useShareDialogs } from "../shares/dialogs/use-share-dialogs.tsx"
import { FateBadge } from "./fate-badge.tsx"
import { useFileActions } from "./file-actions.tsx"
import { FileMenu, ShareRow } from "./file-menu.tsx"
import { FolderRow } from "./folder-row.tsx"
import { useAskedTexts } from "./use-asked-texts.ts"
import { useFilesZip } from "./use-files-zip.ts"

/** The grid columns on a wide screen. */
const COLUMNS =
  "lg:grid-cols-[4.5rem_minmax(0,1fr)_5.5rem_8.5rem_8rem] lg:gap-x-4 xl:grid-cols-[4.5rem_minmax(0,1fr)_6rem_14rem_8rem]"

const TILES =
  "grid grid-cols-[repeat(auto-fill,minmax(min(10.5rem,45%),1fr))] gap-x-1.5 gap-y-3 -mx-2"

type MemberFileListProps = {
  files: OwnFile[]
  /** The subfolders of the folder that is shown. */
  folders: FolderView[]
  /** The path of the folder that is shown; "" is the root. */
  path: string
  /** Whether the list has files of several folders, so that each row names its folder. */
  flat: boolean
  /** Whether there are further pages. */
  hasMore: boolean
  /** The filter of the list, on all of its pages. */
  filter: { q?: string; folder: string; shared?: "false" }
  look: FilesLook
  now: string
  settings: PageSettings
}

/** A member's files and folders, which can be selected, shared, moved, renamed and deleted. */
export function MemberFileList(props: MemberFileListProps) {
  const { folders, path, flat, hasMore, filter, look, now, settings } = props
  const t = useTranslations("member.files")
  const locale = useLocale()
  const { renameFolder, move } = useAskedTexts()
  const { askText, remove } = useFileActions()
  const zip = useFilesZip()
  const dialogs = useShareDialogs(settings, now)
  const { run } = useToastedChange()
  const toast = useToast()
  const { keepDays, sharedDays, receivedDays, unsharedDays } = settings.retention
  const keepFolder = (folder: string, keep: Keep) =>
    run(
      () => ask("POST /files/folders/keep", { body: { folder, keep } }),
      ({ count }) => toast({ title: t(keep ? "keptFiles" : "unkeptFiles", { count }), tone: "ok" }),
    )
  const changeOwner = useOwnerChange()
  const ownerWords = useTranslations("member.ownerChange")
  const selection = useSelection()
  const { selected, select, clear } = selection
  const chosen = useFolderChoice(select)
  // Deleted files disappear at once, before the page is refreshed.
  const [deletedIds, setDeletedIds] = useState<ReadonlySet<string>>(new Set())

  const files = props.files.filter(({ id }) => !deletedIds.has(id))
  const ids = [...selected]
  const clearAll = () => {
    clear()
    chosen.clear()
  }
  const askDelete = (ids: string[], name: string) =>
    remove({
      ids,
      name,
      onDeleted(gone) {
        setDeletedIds((before) => new Set([...before, ...gone]))
        clearAll()
      },
    })
  /** If only a folder is selected, it is shared by its path, so that the share gets its name. */
  function shareChosen() {
    const folder = chosen.onlyFolder(selected.size)
    dialogs.create(folder === null ? { fileIds: ids } : { folder }, clearAll)
  }

  function zipChosen() {
    const folder = chosen.onlyFolder(selected.size) ?? path
    const title = folder.slice(folder.lastIndexOf("/") + 1) || t("heading")
    void zip?.download({ title, filter, ids: selected })
  }

  return (
    <>
      <SelectableList
        label={t("heading")}
        ids={files.map(({ id }) => id)}
        selection={{ ...selection, clear: clearAll }}
        findAll={() => ask("GET /files/ids", { query: filter })}
        hasMore={hasMore || folders.length > 0}
        {...(look === "tiles" && { tiles: TILES })}
        columns={{
          grid: look === "rows" ? COLUMNS : "",
          heads: (
            <>
              <span>{t("name")}</span>
              <span className="text-end">{t("size")}</span>
              <span className="ps-4">
                <TimeHead text={t("uploaded")} />
              </span>
              <span />
            </>
          ),
        }}
        bar={
          <SelectionBar text={t("chosen", { count: selected.size })} onClear={clearAll}>
            <Button variant="quiet" size="sm" onClick={() => askDelete(ids, "")}>
              {t("delete")}
            </Button>
            <Button
              variant="quiet"
              size="sm"
              onClick={() => askText(move({ ids, from: path }, clearAll))}
            >
              {t("move")}
            </Button>
            {changeOwner && (
              <Button
                variant="quiet"
                size="sm"
                onClick={() => changeOwner({ fileIds: ids }, clearAll)}
              >
                {ownerWords("item")}
              </Button>
            )}
            {zip && selected.size > 1 && (
              <Button
                variant="quiet"
                size="sm"
                disabled={zip.isRunning}
                onPointerEnter={zip.preload}
                onFocus={zip.preload}
                onClick={zipChosen}
              >
                {t("zip")}
              </Button>
            )}
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
            look={look}
            columns={COLUMNS}
            selected={chosen.has(folder.path)}
            onSelect={(on) => chosen.choose(folder.path, on)}
            onShare={() => dialogs.create({ folder: folder.path })}
            onDownload={
              zip
                ? () => void zip.download({ title: folder.name, filter: { folder: folder.path } })
                : undefined
            }
            onRename={() => askText(renameFolder(folder))}
            onMove={() => askText(move({ folder: folder.path }, clearAll))}
            keepDays={keepDays}
            onKeep={
              sharedDays || receivedDays || unsharedDays
                ? (keep) => keepFolder(folder.path, keep)
                : undefined
            }
            onDelete={() => chosen.find(folder.path, (found) => askDelete(found, folder.name))}
          />
        ))}
        {files.map((file) => {
          const { id, name, status, createdAt } = file
          const size = formatBytes(file.size, locale)
          const time = { at: createdAt, form: "short", now } as const
          const share = () => dialogs.create({ fileIds: [id] }, clearAll)
          return (
            <FileRow
              key={id}
              file={file}
              look={look}
              columns={COLUMNS}
              selected={selected.has(id)}
              checkbox={
                <RowCheckbox
                  label={t("choose", { name })}
                  checked={selected.has(id)}
                  onChange={({ currentTarget }) => select([id], currentTarget.checked)}
                />
              }
              badges={
                <>
                  {status === "uploading" && <Badge>{t("arriving")}</Badge>}
                  <FateBadge {...file} now={now} />
                </>
              }
              details={
                <>
                  {flat && file.path && (
                    <div className="truncate text-sm text-soft" title={file.path}>
                      {file.path}
                    </div>
                  )}
                  <div className={classNames("text-sm text-soft", look === "rows" && "lg:hidden")}>
                    {size}
                    {look === "rows" && (
                      <>
                        {" · "}
                        <LocalTime at={createdAt} form="date" />
                      </>
                    )}
                  </div>
                </>
              }
              cells={
                <>
                  <div className="text-end whitespace-nowrap max-lg:hidden">{size}</div>
                  <div className="ps-4 xl:whitespace-nowrap text-soft max-lg:hidden">
                    <LocalTime {...time} zone={false} />
                  </div>
                </>
              }
              menu={
                <>
                  {look === "rows" && <ShareRow name={name} onShare={share} />}
                  <FileMenu
                    file={file}
                    onShare={share}
                    keepDays={keepDays}
                    onMove={() => askText(move({ ids: [id], from: file.path }, clearAll))}
                  />
                </>
              }
            />
          )
        })}
      </SelectableList>
      <RefreshWhile
        what="arriving"
        left={files.filter(({ status }) => status === "checking").length}
      />
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
