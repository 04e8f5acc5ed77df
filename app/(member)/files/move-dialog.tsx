"use client"

import { useTranslations } from "next-intl"
import { useEffect, useId, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { formText, onSubmit } from "#components/calls/on-submit.ts"
import { useCall, useChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { useTypedText } from "#components/ui/dialogs/typed-fields.ts"
import { Field } from "#components/ui/forms/field.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { isStoredAs } from "#lib/files/file-name.ts"

/** The items to move: files by their ids, or a folder with all its files. */
export type Moving = { ids: string[]; from: string } | { folder: string }

type MoveDialogProps = { moving: Moving | null; onClose: () => void; onMoved: () => void }

/** Asks for the folder to move files to, or for the new path of a folder. */
export function MoveDialog({ moving, onClose, onMoved }: MoveDialogProps) {
  const t = useTranslations("member.folders")
  const words = useTranslations("member")
  const toast = useToast()
  const formId = useId()
  // Kept while the dialog fades out.
  const [last, setLast] = useState(moving)
  if (moving && moving !== last) setLast(moving)
  const { run, pending, refused, reset } = useChange()
  const close = () => {
    reset()
    onClose()
  }
  function move(to: string) {
    if (!last) return
    run(
      () =>
        "folder" in last
          ? ask("POST /files/folders/move", { body: { from: last.folder, to } }, { slow: true })
          : ask("POST /files/move", { body: { fileIds: last.ids, path: to } }, { slow: true }),
      ({ count, path }) => {
        close()
        onMoved()
        const title = t("moved", { count })
        if (isStoredAs(to, path)) toast({ title, tone: "ok" })
        else toast({ title, description: words("savedAs", { name: path }), tone: "ok" })
      },
    )
  }
  return (
    <Dialog
      keepAs={`move ${last && "folder" in last ? last.folder : last?.ids.join()}`}
      open={moving !== null}
      onOpenChange={(open) => !open && close()}
      title={
        last && "folder" in last
          ? t("moveFolderTitle", { name: last.folder })
          : t("moveTitle", { count: last?.ids.length ?? 0 })
      }
      description={t("moveText")}
      footer={
        <>
          <DialogClose render={<Button variant="quiet">{t("cancel")}</Button>} />
          <Button type="submit" form={formId} pending={pending}>
            {t("moveNow")}
          </Button>
        </>
      }
    >
      <form
        method="post"
        id={formId}
        onSubmit={onSubmit((form) => move(formText(form, "to")?.trim() ?? ""))}
      >
        <FolderField
          path={last ? ("folder" in last ? last.folder : last.from) : ""}
          error={refused?.message}
        />
      </form>
    </Dialog>
  )
}

/** An input for a folder's path that suggests existing folders. */
function FolderField({ path, error }: { path: string; error?: string | undefined }) {
  const t = useTranslations("member.folders")
  const listId = useId()
  const to = useTypedText("to", path)
  const { run } = useCall()
  const [folders, setFolders] = useState<string[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: fetched once
  useEffect(
    () =>
      run(
        () => ask("GET /files/folders", {}),
        ({ items }) => setFolders(items),
        () => {
          // The suggestions are optional: a path can be typed without them.
        },
      ),
    [],
  )
  return (
    <>
      <Field
        label={t("folder")}
        {...to}
        list={listId}
        autoComplete="off"
        maxLength={1_024}
        hint={t("folderHint")}
        error={error}
      />
      <datalist id={listId}>
        {folders.map((path) => (
          <option key={path} value={path} />
        ))}
      </datalist>
    </>
  )
}
