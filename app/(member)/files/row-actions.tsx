"use client"

import { FolderInput, Hash, Link2, Pencil, Trash2, Unlink } from "lucide-react"
import { useTranslations } from "next-intl"
import { Button } from "#components/ui/button.tsx"
import { MenuItem, MenuSeparator } from "#components/ui/overlays/menu.tsx"
import { RowMenu } from "#components/ui/overlays/row-menu.tsx"

export type RowActionsProps = {
  name: string
  onShare: () => void
  onRename: () => void
  onMove: () => void
  /** Not for folders, nor for a file without a checksum. */
  onChecksum?: (() => void) | false
  /** Only for a ready file. */
  onCutOff?: (() => void) | false
  onDelete: () => void
}

/** The actions on a file or a folder in a member's list: a button on wide screens, and a menu. */
export function RowActions({ name, ...on }: RowActionsProps) {
  const t = useTranslations("member.folders")
  const words = useTranslations("member.files")
  return (
    <>
      <Button
        variant="text"
        size="sm"
        className="max-md:min-h-11 max-md:w-11 max-md:px-0!"
        aria-label={t("shareOf", { name })}
        onClick={on.onShare}
      >
        <Link2 aria-hidden size={18} className="md:hidden" />
        <span className="max-md:hidden">{t("share")}</span>
      </Button>
      <RowMenu label={t("menuOf", { name })}>
        <MenuItem icon={Link2} onClick={on.onShare}>
          {t("share")}
        </MenuItem>
        <MenuItem icon={Pencil} onClick={on.onRename}>
          {t("rename")}
        </MenuItem>
        <MenuItem icon={FolderInput} onClick={on.onMove}>
          {t("move")}
        </MenuItem>
        {on.onChecksum && (
          <MenuItem icon={Hash} onClick={on.onChecksum}>
            {words("checksum")}
          </MenuItem>
        )}
        <MenuSeparator />
        {on.onCutOff && (
          <MenuItem tone="danger" icon={Unlink} onClick={on.onCutOff}>
            {words("cutOff")}
          </MenuItem>
        )}
        <MenuItem tone="danger" icon={Trash2} onClick={on.onDelete}>
          {t("delete")}
        </MenuItem>
      </RowMenu>
    </>
  )
}
