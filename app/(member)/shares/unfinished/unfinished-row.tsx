"use client"

import { useLocale, useTranslations } from "next-intl"
import { RelativeTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { LineFileName } from "#components/ui/files/file-name.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { IDLE_HOURS } from "#lib/rooms/files/upload/idle-hours.ts"
import type { UnfinishedUpload } from "#packages/uploader/upload.ts"
import type { UnfinishedNote } from "./use-continue-unfinished.ts"

type UnfinishedRowProps = {
  upload: UnfinishedUpload
  note: UnfinishedNote | undefined
  canUseHandle: boolean
  /** The server's time as ISO 8601. */
  now: string
  onContinue: () => void
  onPick: () => void
  onAbandon: () => void
}

/** One unfinished upload: its progress in the store, and buttons to continue or abandon it. */
export function UnfinishedRow({ upload, note, now, ...actions }: UnfinishedRowProps) {
  const { name } = upload
  return (
    <li className="flex min-h-11 items-center gap-x-3.5 gap-y-1 py-1 max-sm:flex-wrap max-sm:py-1.5">
      <div className="min-w-0 grow max-sm:basis-full">
        <div className="flex gap-x-3 max-sm:flex-col">
          <p className="max-w-80 min-w-0 font-medium">
            <LineFileName name={name} />
          </p>
          <p className="min-w-0 text-soft sm:truncate">
            <Details upload={upload} now={now} />
          </p>
        </div>
        {note && (
          <p role="alert" className="text-danger">
            {note.text}
          </p>
        )}
      </div>
      <div className="-me-3 flex shrink-0 max-sm:-ms-3.25">
        <RowActions name={name} canPick={note?.canPickAgain !== false} {...actions} />
      </div>
    </li>
  )
}

function Details({ upload, now }: Pick<UnfinishedRowProps, "upload" | "now">) {
  const t = useTranslations("member.unfinished")
  const locale = useLocale()
  const { path, size, storedBytes, startedAt, givenUp } = upload
  if (givenUp) return t("over", { hours: IDLE_HOURS, size: formatBytes(size, locale) })
  return (
    <>
      {path && `${path} · `}
      {storedBytes > 0
        ? t("storedOf", {
            stored: formatBytes(storedBytes, locale),
            size: formatBytes(size, locale),
          })
        : t("storedNone", { size: formatBytes(size, locale) })}
      {" · "}
      {t.rich("started", { when: () => <RelativeTime at={startedAt} now={now} /> })}
    </>
  )
}

type RowActionsProps = Pick<
  UnfinishedRowProps,
  "canUseHandle" | "onContinue" | "onPick" | "onAbandon"
> & { name: string; canPick: boolean }

function RowActions(props: RowActionsProps) {
  const { name, canUseHandle, canPick, onContinue, onPick, onAbandon } = props
  const t = useTranslations("member.unfinished")
  return (
    <>
      {canUseHandle && (
        <Button variant="text" size="sm" aria-label={t("goOnOf", { name })} onClick={onContinue}>
          {t("goOn")}
        </Button>
      )}
      {!canUseHandle && canPick && (
        <Button variant="text" size="sm" aria-label={t("chooseOf", { name })} onClick={onPick}>
          {t("choose")}
        </Button>
      )}
      <Button variant="text" size="sm" aria-label={t("giveUpOf", { name })} onClick={onAbandon}>
        {t("giveUp")}
      </Button>
    </>
  )
}
