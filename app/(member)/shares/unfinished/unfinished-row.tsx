"use client"

import { useLocale, useTranslations } from "next-intl"
import { RelativeTime } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { FileKind } from "#components/ui/files/file-kind.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
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
    <li className="flex items-center gap-x-3.5 gap-y-2 border-t border-line py-3 max-sm:flex-wrap">
      <FileKind name={name} />
      <div className="min-w-0 grow max-sm:basis-2/3">
        <p className="truncate" title={name}>
          {name}
        </p>
        <p className="text-sm text-soft wrap-anywhere">
          <Details upload={upload} now={now} />
        </p>
        {note && (
          <p role="alert" className="text-sm text-danger">
            {note.text}
          </p>
        )}
      </div>
      <div className="-me-3.25 flex shrink-0 max-sm:-ms-3.25 max-sm:w-full">
        <RowActions name={name} canPick={note?.canPickAgain !== false} {...actions} />
      </div>
    </li>
  )
}

function Details({ upload, now }: Pick<UnfinishedRowProps, "upload" | "now">) {
  const t = useTranslations("member.unfinished")
  const locale = useLocale()
  const { path, size, storedBytes, startedAt } = upload
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
