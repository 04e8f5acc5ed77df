"use client"

import {
  Download,
  Eye,
  FolderDown,
  FolderInput,
  Hash,
  Hourglass,
  Link2,
  Pencil,
  Pin,
  Trash2,
  Unlink,
  Users,
} from "lucide-react"
import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { useOwnerChange } from "#components/accounts/teams/owner-change.tsx"
import { ask } from "#components/calls/ask.ts"
import { useToastedChange } from "#components/calls/use-call.ts"
import { downloadOf, openFile } from "#components/files/file-link.tsx"
import { useOwnerUrl } from "#components/nav/owner.ts"
import { Button } from "#components/ui/button.tsx"
import { MenuItem, MenuSeparator } from "#components/ui/overlays/menu.tsx"
import { RowMenu } from "#components/ui/overlays/row-menu.tsx"
import type { FileView } from "#lib/rooms/files/file.ts"
import type { Keep, OwnFile } from "#lib/rooms/files/retention/keep-files.ts"
import { useFileActions } from "./file-actions.tsx"
import type { ActedFile } from "./file-dialogs.tsx"
import { useAskedTexts } from "./use-asked-texts.ts"

type ShareRowProps = { name: string; onShare: () => void }

/** Shares the file or the folder of a row, on a phone by an icon. */
export function ShareRow({ name, onShare }: ShareRowProps) {
  const t = useTranslations("member.folders")
  return (
    <Button
      variant="text"
      size="sm"
      className="max-md:min-h-11 max-md:w-11 max-md:px-0!"
      aria-label={t("shareOf", { name })}
      onClick={onShare}
    >
      <Link2 aria-hidden size={18} className="md:hidden" />
      <span className="max-md:hidden">{t("share")}</span>
    </Button>
  )
}

type FileMenuProps = {
  file: ActedFile & Pick<FileView, "status"> & Partial<Pick<OwnFile, "deletesAt" | "kept">>
  onShare?: () => void
  onMove?: () => void
  /** For how many days owners may keep files at most; null for any time. */
  keepDays?: number | null
  /** More items, above those that destroy. */
  children?: ReactNode
}

/** The actions on an own file in a list. */
export function FileMenu({ file, onShare, onMove, keepDays = 0, children }: FileMenuProps) {
  const t = useTranslations("member.files")
  const words = useTranslations("member.folders")
  const { askText, showChecksum, cutOff, remove } = useFileActions()
  const { renameFile } = useAskedTexts()
  const { run } = useToastedChange()
  const urlOf = useOwnerUrl()
  const changeOwner = useOwnerChange()
  const ownerWords = useTranslations("member.ownerChange")
  const { id, name, status, sha256, kept, deletesAt } = file
  return (
    <RowMenu label={words("menuOf", { name })}>
      {status === "ready" && (
        <>
          <MenuItem icon={Eye} onClick={() => openFile(file)}>
            {t("open")}
          </MenuItem>
          <MenuItem icon={Download} onClick={() => location.assign(urlOf(downloadOf(file)))}>
            {t("download")}
          </MenuItem>
        </>
      )}
      {onShare && (
        <MenuItem icon={Link2} onClick={onShare}>
          {words("share")}
        </MenuItem>
      )}
      <MenuItem icon={Pencil} onClick={() => askText(renameFile(file))}>
        {words("rename")}
      </MenuItem>
      {onMove && (
        <MenuItem icon={FolderInput} onClick={onMove}>
          {words("move")}
        </MenuItem>
      )}
      {changeOwner && (
        <MenuItem icon={Users} onClick={() => changeOwner({ fileIds: [id] })}>
          {ownerWords("item")}
        </MenuItem>
      )}
      <KeepItems
        keepDays={!kept && deletesAt ? keepDays : 0}
        canEnd={Boolean(kept)}
        onKeep={(keep) => run(() => ask("PATCH /files/{id}", { id, body: { keep } }))}
      />
      {sha256 !== null && (
        <MenuItem icon={Hash} onClick={() => showChecksum(file)}>
          {t("checksum")}
        </MenuItem>
      )}
      {children}
      <MenuSeparator />
      {status === "ready" && (
        <MenuItem tone="danger" icon={Unlink} onClick={() => cutOff(file)}>
          {t("cutOff")}
        </MenuItem>
      )}
      <MenuItem tone="danger" icon={Trash2} onClick={() => remove({ ids: [id], name })}>
        {words("delete")}
      </MenuItem>
    </RowMenu>
  )
}

type KeepItemsProps = {
  /** For how many days at most; null for any time, 0 for not at all. */
  keepDays: number | null
  /** Whether something may be kept that is to be left to the rule again. */
  canEnd: boolean
  onKeep: (keep: Keep) => void
}

/** Keeps files from the rule for as long as owners may, or leaves them to it again. */
function KeepItems({ keepDays, canEnd, onKeep }: KeepItemsProps) {
  const t = useTranslations("member.files")
  return (
    <>
      {keepDays !== 0 && (
        <MenuItem icon={Pin} onClick={() => onKeep(keepDays ?? "forever")}>
          {t("keep")}
        </MenuItem>
      )}
      {canEnd && (
        <MenuItem icon={Hourglass} onClick={() => onKeep(null)}>
          {t("unkeep")}
        </MenuItem>
      )}
    </>
  )
}

type FolderMenuProps = {
  name: string
  keepDays: number | null
  /** Keeps the files of the folder; undefined where no rule deletes any. */
  onKeep?: ((keep: Keep) => void) | undefined
  onShare: () => void
  onDownload?: (() => void) | undefined
  onRename: () => void
  onMove: () => void
  onDelete: () => void
}

/** The actions on a folder of the member. */
export function FolderMenu({ name, keepDays, ...on }: FolderMenuProps) {
  const t = useTranslations("member.files")
  const words = useTranslations("member.folders")
  return (
    <RowMenu label={words("menuOf", { name })}>
      {on.onDownload && (
        <MenuItem icon={FolderDown} onClick={on.onDownload}>
          {t("zip")}
        </MenuItem>
      )}
      <MenuItem icon={Link2} onClick={on.onShare}>
        {words("share")}
      </MenuItem>
      <MenuItem icon={Pencil} onClick={on.onRename}>
        {words("rename")}
      </MenuItem>
      <MenuItem icon={FolderInput} onClick={on.onMove}>
        {words("move")}
      </MenuItem>
      {on.onKeep && <KeepItems keepDays={keepDays} canEnd onKeep={on.onKeep} />}
      <MenuSeparator />
      <MenuItem tone="danger" icon={Trash2} onClick={on.onDelete}>
        {words("delete")}
      </MenuItem>
    </RowMenu>
  )
}
