"use client"

import { ChevronRight } from "lucide-react"
import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import { useUploads } from "#components/upload/use-uploads.ts"
import { IDLE_HOURS } from "#lib/rooms/files/upload/idle-hours.ts"
import type { UnfinishedUpload } from "#packages/uploader/upload.ts"
import { AbandonDialog } from "./abandon-dialog.tsx"
import { UnfinishedRow } from "./unfinished-row.tsx"
import { useContinueUnfinished } from "./use-continue-unfinished.ts"

const MAX_ROWS = 50

type UnfinishedUploadsProps = {
  /** The server's time. */
  now: string
}

/**
 * Uploads that a closed tab, a crash or another device left unfinished. Renders nothing if there
 * are none.
 */
export function UnfinishedUploads({ now }: UnfinishedUploadsProps) {
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
  const rows = (
    <ul aria-label={heading} className="min-w-0 grow basis-80 max-sm:basis-full">
      {unfinished.slice(0, MAX_ROWS).map((upload) => (
        <UnfinishedRow
          key={upload.fileId}
          upload={upload}
          note={noteOf(upload)}
          canUseHandle={canUseHandle(upload)}
          now={now}
          onContinue={() => continueFromHandle(upload)}
          onPick={() => pickFilesFor([upload])}
          onAbandon={() =>
            upload.givenUp
              ? tabUploader().abandonUnfinished([upload.fileId])
              : setAbandoning([upload])
          }
        />
      ))}
    </ul>
  )
  return (
    <section
      aria-labelledby="unfinished"
      className="relative mb-3 rounded-xl px-4 text-sm inset-ring inset-ring-line"
    >
      {unfinished.length === 1 ? (
        <div className="flex flex-wrap items-center gap-x-5">
          <h2 id="unfinished" className="text-sm max-sm:pt-2.5">
            {heading}
          </h2>
          {rows}
        </div>
      ) : (
        <>
          <details className="group max-sm:pb-9">
            <summary className="flex min-h-11 items-center gap-2 rounded-md">
              <ChevronRight
                aria-hidden
                size={16}
                className="shrink-0 text-soft group-open:rotate-90 rtl:-scale-x-100"
              />
              <h2 id="unfinished" className="text-sm">
                {heading}
              </h2>
            </summary>
            <p className="pb-2.5 text-soft">
              {t("text", { count: unfinished.length, hours: IDLE_HOURS })}
            </p>
            <div className="*:*:border-t *:*:border-line">{rows}</div>
            {more > 0 && (
              <p className="border-t border-line py-2.5 text-soft">
                {t("moreRows", { count: more })}
              </p>
            )}
          </details>
          <BulkActions
            withHandle={unfinished.filter(canUseHandle)}
            withoutHandle={unfinished.filter((one) => !canUseHandle(one))}
            onContinue={continueFromHandle}
            onPick={pickFilesFor}
            onAbandonAll={() => setAbandoning(unfinished)}
          />
        </>
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
    <div className="absolute end-1 top-1 flex max-sm:start-1 max-sm:top-auto max-sm:bottom-0.5">
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
