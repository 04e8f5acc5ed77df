"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { CopyField } from "#components/ui/forms/copy-field.tsx"
import type { FileView } from "#lib/files/file.ts"
import { Button } from "../ui/button.tsx"

/** Shows a file's SHA-256, so that a reader can compare it with a copy's. */
export function ChecksumDialog({ file, onClose }: { file: FileView | null; onClose: () => void }) {
  const t = useTranslations("member.files")
  // Kept while the dialog fades out.
  const [last, setLast] = useState(file)
  if (file && file !== last) setLast(file)
  return (
    <Dialog
      open={file !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("checksumTitle", { name: last?.name ?? "" })}
      description={t("checksumText")}
      footer={<DialogClose render={<Button variant="quiet">{t("close")}</Button>} />}
    >
      <CopyField label={t("sha256")} value={last?.sha256 ?? ""} />
      <p className="mt-2 text-sm text-soft">
        {t(last?.sha256Verified ? "sha256Verified" : "sha256Stated")}
      </p>
    </Dialog>
  )
}
