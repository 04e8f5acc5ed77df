"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { useUploads } from "#components/upload/use-uploads.ts"
import type { UnfinishedUpload } from "#packages/uploader/upload.ts"
import { AbandonDialog } from "./abandon-dialog.tsx"
import { UnfinishedRow } from "./unfinished-row.tsx"
import { useContinueUnfinished } from "./use-continue-unfinished.ts"

const MAX_ROWS = 50

type UnfinishedUploadsProps = {
  /** Hours of inactivity after which the app abandons an upload. */
  keptHours: number
  /** The server's time. */
  now: string
}

/**
 * Uploads that a closed tab, a crash or another device left unfinished. Renders nothing if there
 * are none.
 */
export function UnfinishedUploads({ keptHours, now }: UnfinishedUploadsProps) {
  const t = useTranslations("member.unfinished")
  const router = useRouter()
  const toast = useToast()
  const { unfinished } = useUploads()
  const [abandoning, setAbandoning] = useState<readonly UnfinishedUpload[]>([])
  const { continueFromHandle, pickFilesFor, noteOf, canUseHandle, inputProps } =
    useContinueUnfinished()
  if (unfinished.length === 0) return null

  const heading = t("heading", { count: unfinished.length })
  const more = unfinished.length - MAX_ROWS
  return (
    <section aria-labelledby="unfinished" className="mb-8.5">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2 pb-3">
        <div>
          <h2 id="unfinished" className="text-note">
            {heading}
          </h2>
          <p className="text-sm text-soft">
            {t("text", { count: unfinished.length, hours: keptHours })}
          </p>
        </div>
        {unfinished.length > 1 && (
          <BulkActions
            withHandle={unfinished.filter(canUseHandle)}
            withoutHandle={unfinished.filter((one) => !canUseHandle(one))}
            onContinue={continueFromHandle}
            onPick={pickFilesFor}
            onAbandonAll={() => setAbandoning(unfinished)}
          />
        )}
      </div>
      <ul aria-label={heading}>
        {unfinished.slice(0, MAX_ROWS).map((upload) => (
          <UnfinishedRow
            key={upload.fileId}
            upload={upload}
            note={noteOf(upload)}
            canUseHandle={canUseHandle(upload)}
            now={now}
            onContinue={() => continueFromHandle(upload)}
            onPick={() => pickFilesFor([upload])}
            onAbandon={() => setAbandoning([upload])}
          />
        ))}
      </ul>
      {more > 0 && (
        <p className="border-t border-line pt-3 text-sm text-soft">
          {t("moreRows", { count: more })}
        </p>
      )}
      <input {...inputProps} type="file" multiple hidden aria-label={t("chooseAll")} />
      <AbandonDialog
        uploads={abandoning}
        onClose={() => setAbandoning([])}
        onAbandoned={(count) => {
          toast({ title: t("givenUp", { count }) })
          router.refresh()
        }}
      />
    </section>
  )
}

type BulkActionsProps = {
  withHandle: readonly UnfinishedUpload[]
  withoutHandle: readonly UnfinishedUpload[]
  onContinue: (upload: UnfinishedUpload) => Promise<void>
  onPick: (uploads: readonly UnfinishedUpload[]) => void
  onAbandonAll: () => void
}

function BulkActions(props: BulkActionsProps) {
  const { withHandle, withoutHandle, onContinue, onPick, onAbandonAll } = props
  const t = useTranslations("member.unfinished")

  async function continueAll() {
    for (const upload of withHandle) await onContinue(upload)
  }

  return (
    <div className="-mx-3.25 flex flex-wrap">
      {withHandle.length > 1 && (
        <Button variant="text" size="sm" onClick={continueAll}>
          {t("goOnAll", { count: withHandle.length })}
        </Button>
      )}
      {withoutHandle.length > 1 && (
        <Button variant="text" size="sm" onClick={() => onPick(withoutHandle)}>
          {t("chooseAll")}
        </Button>
      )}
      <Button variant="text" size="sm" onClick={onAbandonAll}>
        {t("giveUpAll")}
      </Button>
    </div>
  )
}
