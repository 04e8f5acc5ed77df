"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import type { AskedText } from "#components/calls/text-dialog.tsx"
import { useOwnerPath } from "#components/nav/owner.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { FileView } from "#lib/rooms/files/file.ts"
import { isStoredAs, storedName } from "#lib/rooms/files/file-name.ts"
import type { FolderView } from "#lib/rooms/files/list-folders.ts"
import { listAddress } from "#lib/web/list-address.ts"

/** The items to move: files by their ids, or a folder with all its files. */
type Moving = { ids: string[]; from: string } | { folder: string }

/** Makes the inputs of the text dialog: a new name for a file or a folder, and a target folder. */
export function useAskedTexts() {
  const t = useTranslations("member")
  const router = useRouter()
  const at = useOwnerPath()
  const toast = useToast()
  const aName = {
    name: "name",
    label: t("files.name"),
    required: true,
    maxLength: 255,
    confirmLabel: t("files.rename"),
  } as const

  function sayName(typed: string, stored: string) {
    if (!isStoredAs(typed, stored)) toast({ title: t("savedAs", { name: stored }), tone: "ok" })
  }
  function sayMoved(count: number, typed: string, path: string) {
    const title = t("folders.moved", { count })
    if (isStoredAs(typed, path)) toast({ title, tone: "ok" })
    else toast({ title, description: t("savedAs", { name: path }), tone: "ok" })
  }

  return {
    renameFile: ({ id, name }: Pick<FileView, "id" | "name">): AskedText => ({
      ...aName,
      keepAs: `rename ${id}`,
      title: t("files.renameTitle"),
      description: t("files.renameText"),
      value: name,
      save: async (typed) =>
        sayName(typed, (await ask("PATCH /files/{id}", { id, body: { name: typed } })).name),
    }),
    /** A new folder has no row: it exists with its first file. */
    newFolder: (inside: string): AskedText => ({
      name: "name",
      keepAs: `new folder ${inside}`,
      title: t("folders.newTitle"),
      description: t("folders.newText"),
      label: t("files.name"),
      value: "",
      required: true,
      maxLength: 255,
      confirmLabel: t("folders.newNow"),
      async save(typed) {
        const names = typed.split("/").map(storedName).filter(Boolean)
        const path = [inside, ...names].filter(Boolean).join("/")
        router.push(listAddress(at("/files"), { path }))
      },
    }),
    renameFolder: ({ path, name }: FolderView): AskedText => ({
      ...aName,
      keepAs: `rename ${path}`,
      title: t("folders.renameTitle"),
      description: t("folders.renameText"),
      value: name,
      async save(typed) {
        const stored = await ask(
          "POST /files/folders/move",
          { body: { from: path, name: typed } },
          { slow: true },
        )
        sayName(typed, stored.path.slice(stored.path.lastIndexOf("/") + 1))
      },
    }),
    move: (moving: Moving, onMoved: () => void): AskedText => ({
      name: "to",
      keepAs: `move ${"folder" in moving ? moving.folder : moving.ids.join()}`,
      title:
        "folder" in moving
          ? t("folders.moveFolderTitle", { name: moving.folder })
          : t("folders.moveTitle", { count: moving.ids.length }),
      description: t("folders.moveText"),
      label: t("folders.folder"),
      hint: t("folders.folderHint"),
      value: "folder" in moving ? moving.folder : moving.from,
      maxLength: 1_024,
      confirmLabel: t("folders.moveNow"),
      suggest: () => ask("GET /files/folders", {}),
      async save(typed) {
        const to = typed.trim()
        const { count, path } = await ("folder" in moving
          ? ask("POST /files/folders/move", { body: { from: moving.folder, to } }, { slow: true })
          : ask("POST /files/move", { body: { fileIds: moving.ids, path: to } }, { slow: true }))
        onMoved()
        sayMoved(count, to, path)
      },
    }),
  }
}
