"use client"

import { useLocale, useTranslations } from "next-intl"
import { Dotted } from "#components/lists/dotted.tsx"
import { formatTime } from "#components/time/format-time.ts"
import { useReader } from "#components/time/local-time.tsx"
import { AlertDialog } from "#components/ui/dialogs/alert-dialog.tsx"
import { useLast } from "#components/ui/dialogs/use-last.ts"
import { FileKind } from "#components/ui/files/file-kind.tsx"
import { RowFileName } from "#components/ui/files/file-name.tsx"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { IfTaken, Upload } from "#packages/uploader/upload.ts"

/** The most files that are listed by name. */
const MAX_ROWS = 100

/** Asks once what to do with all these uploads: different files have their names. */
export function TakenDialog({ uploads }: { uploads: readonly Upload[] }) {
  const t = useTranslations("member.upload.asked")
  const shown = useLast(uploads.length > 0 ? uploads : null) ?? []
  const { length: count } = shown
  const answer = (ifTaken: IfTaken) =>
    tabUploader().resolve(
      uploads.map(({ id }) => id),
      ifTaken,
    )
  return (
    <AlertDialog
      open={uploads.length > 0}
      onOpenChange={(open) => !open && answer("skip")}
      title={t("title", { count })}
      description={t("text", { many: count > 1 ? "yes" : "no" })}
      confirmLabel={t("replace")}
      tone="primary"
      onConfirm={() => answer("replace")}
      other={{ label: t("keepBoth"), tone: "plain", onConfirm: () => answer("keepBoth") }}
      cancelLabel={t("skip")}
    >
      <ul
        aria-label={t("title", { count })}
        // A scrolling region must be focusable.
        {...(count > 3 && { tabIndex: 0 })}
        className="-mx-1 max-h-[min(18.5rem,36dvh)] overflow-y-auto px-1"
      >
        {shown.slice(0, MAX_ROWS).map((upload) => (
          <TakenRow key={upload.id} upload={upload} />
        ))}
        {count > MAX_ROWS && (
          <li className="border-t border-line pt-2.5 text-sm text-soft">
            {t("more", { count: count - MAX_ROWS })}
          </li>
        )}
      </ul>
    </AlertDialog>
  )
}

/** The sizes of both files, and when the old one was uploaded. */
function TakenRow({ upload: { name, path, size, taken } }: { upload: Upload }) {
  const t = useTranslations("member.upload.asked")
  const locale = useLocale()
  const reader = useReader()
  const bytes = (size: number) => formatBytes(size, locale)
  const time = (at: string) => formatTime(new Date(at), "short", reader, new Date())
  return (
    <li className="flex items-center gap-3.5 border-t border-line py-2.5">
      <FileKind name={name} />
      <div className="min-w-0 grow">
        <p className="font-medium wrap-anywhere">
          <RowFileName name={name} />
        </p>
        <Dotted
          className="text-sm text-soft"
          items={[
            path && <bdi key="path">{path}</bdi>,
            taken && t("old", { size: bytes(taken.size), time: time(taken.createdAt) }),
            t("new", { size: bytes(size) }),
          ]}
        />
      </div>
    </li>
  )
}
