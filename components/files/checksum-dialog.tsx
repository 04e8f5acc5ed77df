"use client"

import { useTranslations } from "next-intl"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { useLast } from "#components/ui/dialogs/use-last.ts"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import type { FileView } from "#lib/rooms/files/file.ts"

type ChecksumDialogProps = {
  file: Pick<FileView, "name" | "sha256" | "sha256Verified"> | null
  onClose: () => void
}

/** Shows a file's SHA-256, so that a reader can compare it with a copy's. */
export function ChecksumDialog({ file, onClose }: ChecksumDialogProps) {
  const t = useTranslations("member.files")
  const last = useLast(file)
  return (
    <Dialog
      open={file !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("checksumTitle", { name: last?.name ?? "" })}
      description={t("checksumText")}
      footer={<DialogClose>{t("close")}</DialogClose>}
    >
      <CopyField label={t("sha256")} value={last?.sha256 ?? ""} />
      <p className="mt-2 text-sm text-soft">
        {t(last?.sha256Verified ? "sha256Verified" : "sha256Stated")}
      </p>
    </Dialog>
  )
}
