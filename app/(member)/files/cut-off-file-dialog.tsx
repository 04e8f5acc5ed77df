"use client"

import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { ask } from "#components/calls/ask.ts"
import { useCall } from "#components/calls/use-call.ts"
import { CutOffDetails } from "#components/cut-offs/cut-off-details.tsx"
import { CutOffSentence } from "#components/cut-offs/cut-off-sentence.tsx"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { Dialog, DialogClose } from "#components/ui/dialogs/dialog.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import type { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import type { FileView } from "#lib/rooms/files/file.ts"
import { SharesOfFiles } from "../shares/shares-of-files.tsx"

const ASK_AGAIN_MS = 700

type CutOffFileDialogProps = { file: Pick<FileView, "id" | "name"> | null; onClose: () => void }

/** Asks for confirmation, cuts off the URLs handed out for a file, and shows the progress. */
export function CutOffFileDialog({ file, onClose }: CutOffFileDialogProps) {
  const t = useTranslations("member.files")
  const { run, pending, refused, reset } = useCall()
  const [cutOff, setCutOff] = useState<CutOffView | null>(null)
  // Kept while the dialog fades out.
  const [last, setLast] = useState(file)
  if (file && file !== last) {
    setLast(file)
    setCutOff(null)
  }
  const close = () => {
    reset()
    onClose()
  }
  const name = last?.name ?? ""
  const ids = last ? [last.id] : []
  return (
    <>
      <AlertDialog
        open={file !== null && cutOff === null}
        onOpenChange={(open) => !open && cutOff === null && close()}
        title={t("cutOffTitle", { name })}
        description={t("cutOffText")}
        confirmLabel={t("cutOffNow")}
        pending={pending}
        onConfirm={() =>
          last &&
          run(
            () => ask("POST /files/{id}/cut-off", { id: last.id }),
            (result) => setCutOff(result.cutOff),
          )
        }
      >
        <SharesOfFiles
          key={ids.join()}
          fileIds={ids}
          none={t("inNoShare")}
          some={(count) => t("staysOpen", { count })}
        />
        {refused && <ActionError className="mt-3">{refused.message}</ActionError>}
      </AlertDialog>
      <Dialog
        open={file !== null && cutOff !== null}
        onOpenChange={(open) => !open && close()}
        title={t("cutOffDone", { name })}
        description={t("cutOffDoneText")}
        footer={<DialogClose>{t("close")}</DialogClose>}
      >
        {cutOff && last && (
          <>
            <p role="status">
              <CutOffSentence cutOff={cutOff} />
            </p>
            <CutOffDetails cutOff={cutOff} />
            {cutOff.state === "running" && <Follow id={last.id} onAnswer={setCutOff} />}
          </>
        )}
      </Dialog>
    </>
  )
}

type FollowProps = { id: string; onAnswer: (cutOff: CutOffView) => void }

/** Polls the cut off until it is done; a request without an answer is repeated. */
function Follow({ id, onAnswer }: FollowProps) {
  const { run } = useCall()
  // biome-ignore lint/correctness/useExhaustiveDependencies: polls for one file; the parent's key is its id
  useEffect(() => {
    const look = () =>
      run(
        () => ask("GET /files/{id}/cut-off", { id }),
        ({ cutOff }) => {
          if (cutOff) onAnswer(cutOff)
        },
        () => {},
      )
    const timer = setInterval(look, ASK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [id])
  return null
}
