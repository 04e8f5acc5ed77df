"use client"

import { Pause, Play, RotateCw, X } from "lucide-react"
import { useTranslations } from "next-intl"
import { memo, type ReactNode } from "react"
import { FileKind } from "#components/ui/files/file-kind.tsx"
import { LineFileName } from "#components/ui/files/file-name.tsx"
import { Progress } from "#components/ui/ring/progress.tsx"
import { isStoredAs } from "#lib/rooms/files/file-name.ts"
import type { Upload, UploadState } from "#packages/uploader/upload.ts"
import { Button } from "../ui/button.tsx"
import { classNames } from "../ui/class-names.ts"
import { tabUploader } from "./tab-uploader.ts"
import { UploadStatus } from "./upload-status.tsx"

type UploadRowProps = {
  upload: Upload
  onCancel: (upload: Upload) => void
  /** The folder, shown if the row is not below it. */
  folder?: string
}

/** One upload: its name, its status and its actions. */
export const UploadRow = memo(function UploadRow({ upload, onCancel, folder }: UploadRowProps) {
  const t = useTranslations("member.upload")
  const { name, size, state, sentBytes } = upload
  const failed = state === "failed"
  const stored = state === "stored"
  const hasProgress = !stored && !failed && (state !== "queued" || sentBytes > 0)
  return (
    <li className="flex items-center gap-3.5 border-t border-line py-3.25 [contain-intrinsic-size:auto_4.5rem] [content-visibility:auto]">
      <FileKind name={name} />
      <div className="min-w-0 grow">
        <div className="flex items-baseline gap-x-3.5 max-sm:flex-col max-sm:items-stretch">
          <span className="max-w-full min-w-0 grow">
            <LineFileName name={name} />
          </span>
          <span
            className={classNames(
              "text-sm",
              stored && "text-ok",
              failed && "text-danger",
              !stored && !failed && "shrink-0 text-soft max-sm:shrink",
            )}
          >
            <UploadStatus upload={upload} />
          </span>
        </div>
        <StoredName upload={upload} />
        {folder && <p className="truncate text-sm text-soft">{folder}</p>}
        {hasProgress && (
          <div className="mt-2">
            <Progress
              label={t("progressOf", { name })}
              fraction={size > 0 ? sentBytes / size : 0}
            />
          </div>
        )}
      </div>
      {!stored && (
        <div className="flex shrink-0 items-center">
          <RowAction upload={upload} />
          <IconButton
            label={t(failed ? "removeOf" : "cancelOf", { name })}
            title={t(failed ? "remove" : "cancel")}
            onClick={() => onCancel(upload)}
          >
            <X aria-hidden size={18} />
          </IconButton>
        </div>
      )}
    </li>
  )
})

/** The name under which a file was stored, if it differs from the original one. */
function StoredName({ upload: { file, name, path } }: { upload: Upload }) {
  const t = useTranslations("member")
  if (!file) return null
  const hasPath = isStoredAs(path, file.path)
  if (hasPath && isStoredAs(name, file.name)) return null
  const stored = hasPath || file.path === "" ? file.name : `${file.path}/${file.name}`
  return <p className="text-sm break-words text-soft">{t("savedAs", { name: stored })}</p>
}

const PAUSABLE: UploadState[] = ["starting", "sending", "waiting"]

/** The button that retries, resumes or pauses, depending on the state. */
function RowAction({ upload: { id, name, state } }: { upload: Upload }) {
  const t = useTranslations("member.upload")
  return (
    <>
      {(state === "failed" || state === "waiting") && (
        <Button
          variant="text"
          size="sm"
          aria-label={t(state === "failed" ? "retryOf" : "nowOf", { name })}
          onClick={() => tabUploader().retry(id)}
        >
          <RotateCw aria-hidden size={16} />
          <span className="max-sm:hidden">{t(state === "failed" ? "retry" : "now")}</span>
        </Button>
      )}
      {state === "paused" && (
        <Button
          variant="text"
          size="sm"
          aria-label={t("resumeOf", { name })}
          onClick={() => tabUploader().resume(id)}
        >
          <Play aria-hidden size={16} />
          <span className="max-sm:hidden">{t("resume")}</span>
        </Button>
      )}
      {PAUSABLE.includes(state) && (
        <IconButton
          label={t("pauseOf", { name })}
          title={t("pause")}
          onClick={() => tabUploader().pause(id)}
        >
          <Pause aria-hidden size={18} />
        </IconButton>
      )}
    </>
  )
}

type IconButtonProps = { label: string; title: string; onClick: () => void; children: ReactNode }

function IconButton({ label, title, onClick, children }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={title}
      onClick={onClick}
      className="grid size-10 place-items-center rounded-lg text-soft last:-me-2 hover:bg-selected hover:text-ink"
    >
      {children}
    </button>
  )
}
