"use client"

import { useLocale, useTranslations } from "next-intl"
import { useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { ChangeDialog } from "#components/calls/change-dialog.tsx"
import { Radio } from "#components/ui/forms/checkbox.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { DeliveryView, RequestView } from "#lib/rooms/requests/request.ts"

type Choice = "keep" | "delete"

type DeleteRequestDialogProps = {
  request: RequestView
  open: boolean
  onClose: () => void
  onDeleted: () => void
}

/** Deletes a request, and asks whether the files that arrived stay. */
export function DeleteRequestDialog(props: DeleteRequestDialogProps) {
  const { request, open, onClose, onDeleted } = props
  const t = useTranslations("member.requests.delete")
  const toast = useToast()
  const [files, setFiles] = useState<Choice>("keep")
  const { id, title, folder, fileCount, arrivingFileCount, totalBytes, arrivingBytes } = request
  return (
    <ChangeDialog
      open={open}
      onClose={onClose}
      title={t("title", { title })}
      description={t("text")}
      confirmLabel={t("confirm")}
      call={() => ask("DELETE /requests/{id}", { id, body: { files } }, { slow: true })}
      onDone={() => {
        toast({ title: t("done"), tone: "ok" })
        onDeleted()
      }}
    >
      <FilesChoice
        count={fileCount - arrivingFileCount}
        bytes={totalBytes - arrivingBytes}
        folder={folder}
        choice={files}
        onChoose={setFiles}
      />
    </ChangeDialog>
  )
}

type EraseDialogProps = {
  /** The sender, as the page names it, and what the sender delivered. */
  name: string
  delivery: DeliveryView
  folder: string
  open: boolean
  onClose: () => void
}

/** Erases what a sender wrote, and asks whether the files stay. */
export function EraseDialog({ name, delivery, folder, open, onClose }: EraseDialogProps) {
  const t = useTranslations("member.requests.erase")
  const toast = useToast()
  const [choice, setChoice] = useState<Choice>("keep")
  const { id, fileCount, totalBytes } = delivery
  return (
    <ChangeDialog
      open={open}
      onClose={onClose}
      title={t("title", { name })}
      description={t("text")}
      confirmLabel={t("confirm")}
      call={() =>
        ask("POST /deliveries/{id}/erase", { id, body: { files: choice } }, { slow: true })
      }
      onDone={() => {
        toast({ title: t("done"), tone: "ok" })
        // The button disappears with the sender's data, so the focus moves to the page.
        document.querySelector<HTMLElement>("main")?.focus()
      }}
    >
      <FilesChoice
        count={fileCount}
        bytes={totalBytes}
        folder={folder}
        choice={choice}
        onChoose={setChoice}
      />
    </ChangeDialog>
  )
}

type FilesChoiceProps = {
  count: number
  bytes: number
  folder: string
  choice: Choice
  onChoose: (choice: Choice) => void
}

/** Whether the files that arrived are kept or deleted, in figures. Renders nothing without files. */
function FilesChoice({ count, bytes, folder, choice, onChoose }: FilesChoiceProps) {
  const t = useTranslations("member.requests.delete")
  const locale = useLocale()
  if (count === 0) return null
  const size = formatBytes(bytes, locale)
  const options = [
    ["keep", t("keep", { count, size }), t("keepHint", { folder: folder || "none" })],
    ["delete", t("remove", { count, size }), t("removeHint")],
  ] as const
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2.5 font-medium">{t("files")}</legend>
      {options.map(([value, label, hint]) => (
        <Radio
          key={value}
          name="files"
          value={value}
          label={label}
          hint={hint}
          checked={choice === value}
          onChange={() => onChoose(value)}
        />
      ))}
    </fieldset>
  )
}
