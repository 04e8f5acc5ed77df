"use client"

import { useLocale, useTranslations } from "next-intl"
import { type ReactNode, useCallback, useState } from "react"
import { formatBytes } from "#lib/format-bytes.ts"
import {
  secondsLeft,
  type Upload,
  type UploadState,
  type UploadTotals,
} from "#packages/uploader/upload.ts"
import { filesOf, toTree } from "../folders/folder.ts"
import { FolderTree } from "../folders/folder-tree.tsx"
import { AlertDialog } from "../ui/alert-dialog.tsx"
import { Button } from "../ui/button.tsx"
import { classNames } from "../ui/class-names.ts"
import { Progress } from "../ui/progress.tsx"
import { rememberShared, useSharedUploads } from "./shared-uploads.ts"
import { tabUploader } from "./tab-uploader.ts"
import { UploadRow } from "./upload-row.tsx"
import { formatSeconds } from "./upload-time.ts"
import { useUploads } from "./use-uploads.ts"

const MANY = 6
/** Rows drawn of each folder: a thousand that move would slow the uploads down. */
const MAX_ROWS = 100

/** What needs someone comes first, what is done last. */
const RANK: Record<UploadState, number> = {
  failed: 0,
  waiting: 1,
  sending: 2,
  finishing: 2,
  starting: 2,
  paused: 3,
  queued: 4,
  stored: 5,
}

type UploadPanelProps = {
  /** Makes a link of files, and calls back when it is made. */
  onCreateLink: (fileIds: string[], onCreated: () => void) => void
  creating: boolean
}

/** What is on its way, and the way to its link. Nothing while there is nothing. */
export function UploadPanel({ onCreateLink, creating }: UploadPanelProps) {
  const t = useTranslations("member.upload")
  const { uploads, totals } = useUploads()
  const shared = useSharedUploads()
  const [asking, setAsking] = useState<Asking | null>(null)
  const cancel = useCallback(
    (upload: Upload) => {
      const inLink = upload.fileId !== null && shared.has(upload.fileId)
      if (inLink && upload.state !== "stored") setAsking({ upload })
      else tabUploader().cancel(upload.id)
    },
    [shared],
  )
  if (uploads.length === 0) return null

  const { failed, active } = totals
  const counts = { failed, active, stored: totals.stored, count: totals.count }
  const anyShared = uploads.some(({ fileId }) => fileId && shared.has(fileId))

  return (
    <section
      aria-label={t("panel")}
      className="mb-8.5 rounded-[14px] bg-raised px-5 py-2 inset-ring inset-ring-line"
    >
      {uploads.length > 1 && (
        <Overall
          uploads={uploads}
          totals={totals}
          onCancelAll={() => (anyShared ? setAsking({}) : tabUploader().cancel())}
        />
      )}
      <Rows uploads={uploads} onCancel={cancel} />
      <LinkBar
        uploads={uploads}
        shared={shared}
        creating={creating}
        onCreate={(fileIds) =>
          onCreateLink(fileIds, () => {
            rememberShared(fileIds)
            forgetStored(fileIds)
          })
        }
      />
      <p role="status" className="sr-only">
        {t("spoken", counts)}
      </p>
      <CancelDialog asking={asking} onClose={() => setAsking(null)} />
    </section>
  )
}

/** Takes those of these files that are stored off the list. */
function forgetStored(fileIds: readonly string[]) {
  const wanted = new Set(fileIds)
  const { uploads } = tabUploader().snapshot()
  const stored = uploads.filter(({ file }) => file && wanted.has(file.id))
  tabUploader().forget(stored.map(({ id }) => id))
}

type RowsProps = { uploads: readonly Upload[]; onCancel: (upload: Upload) => void }

function Rows({ uploads, onCancel }: RowsProps) {
  const t = useTranslations("member.upload")
  const many = uploads.length > MANY
  const sorted = many ? uploads.toSorted((a, b) => RANK[a.state] - RANK[b.state]) : uploads
  const inFolders = sorted.some(({ path }) => path !== "")
  // A failure does not hide in a folder.
  const failed = inFolders ? sorted.filter(({ state }) => state === "failed") : []
  const tree = toTree(inFolders ? sorted.filter(({ state }) => state !== "failed") : sorted)
  return (
    <section
      aria-label={t("list")}
      // Many files scroll in place, so that the link stays in sight; a region that scrolls takes the focus.
      {...(many && { tabIndex: 0 })}
      className={classNames(
        "[&>ul:first-of-type>li:first-child]:border-t-0",
        many && "-mx-5 max-h-96 overflow-y-auto px-5",
      )}
    >
      {failed.length > 0 && (
        <ul aria-label={t("failedList")}>
          {failed.slice(0, MAX_ROWS).map((upload) => (
            <UploadRow key={upload.id} upload={upload} onCancel={onCancel} folder={upload.path} />
          ))}
        </ul>
      )}
      <FolderTree
        tree={tree}
        label={t("panel")}
        row={(upload) => <UploadRow key={upload.id} upload={upload} onCancel={onCancel} />}
        maxRows={MAX_ROWS}
        isOpen={() => !many}
        aside={(folder) => <FolderWords uploads={filesOf(folder)} />}
      />
    </section>
  )
}

/** "12 of 40 stored". */
function FolderWords({ uploads }: { uploads: Upload[] }) {
  const t = useTranslations("member.upload")
  const stored = uploads.filter(({ state }) => state === "stored").length
  return t("overall", { stored, count: uploads.length, failed: 0 })
}

type LinkBarProps = {
  uploads: readonly Upload[]
  shared: ReadonlySet<string>
  creating: boolean
  onCreate: (fileIds: string[]) => void
}

/** What can be done with what has begun: a link, also before all of it has arrived. */
function LinkBar({ uploads, shared, creating, onCreate }: LinkBarProps) {
  const t = useTranslations("member.upload")
  const inLink = ({ fileId }: Upload) => fileId !== null && shared.has(fileId)
  const own = uploads.filter((upload) => !inLink(upload))
  const coming = own.filter(({ state }) => state !== "failed")
  const stored = coming.filter(({ state }) => state === "stored")
  const [preparing, setPreparing] = useState(false)
  const forget = (some: readonly Upload[]) => tabUploader().forget(some.map(({ id }) => id))

  async function create() {
    setPreparing(true)
    // Those that wait for their turn shall be in the link too.
    await tabUploader().announce()
    setPreparing(false)
    const wanted = new Set(coming.map(({ id }) => id))
    const { uploads: now } = tabUploader().snapshot()
    onCreate(now.flatMap(({ id, fileId }) => (wanted.has(id) && fileId ? [fileId] : [])))
  }

  if (coming.length === 0) {
    const linked = uploads.filter(inLink)
    if (linked.length === 0) return null
    const arriving = linked.filter(({ state }) => state !== "stored").length
    return (
      <Bar text={t(arriving > 0 ? "linkedArriving" : "linkedStored", { count: arriving })}>
        {arriving === 0 && (
          <Button variant="quiet" onClick={() => forget(linked)}>
            {t("done")}
          </Button>
        )}
      </Bar>
    )
  }

  const arriving = coming.length - stored.length
  return (
    <Bar text={arriving > 0 ? t("linkFirst") : t("allStored", { stored: stored.length })}>
      {stored.length > 0 && (
        <Button variant="quiet" disabled={creating} onClick={() => forget(stored)}>
          {t("keep")}
        </Button>
      )}
      <Button
        variant={arriving > 0 ? "quiet" : "primary"}
        pending={creating || preparing}
        onClick={create}
      >
        {t(arriving > 0 ? "createLinkNow" : "createLink", {
          count: coming.length,
          partial: coming.length < own.length ? "yes" : "no",
        })}
      </Button>
    </Bar>
  )
}

function Bar({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-x-4 gap-y-3 border-t border-line py-3.5 max-sm:flex-col max-sm:items-stretch">
      <p className="text-soft">{text}</p>
      <div className="flex shrink-0 gap-2 max-sm:flex-col-reverse">{children}</div>
    </div>
  )
}

/** Which upload, or all of them. */
type Asking = { upload?: Upload }

/** Asks before what a link already promises is given up. */
function CancelDialog({ asking, onClose }: { asking: Asking | null; onClose: () => void }) {
  const t = useTranslations("member.upload")
  // What is shown while the dialog fades.
  const [last, setLast] = useState<Asking>({})
  if (asking && asking !== last) setLast(asking)
  const { upload } = last
  return (
    <AlertDialog
      open={asking !== null}
      onOpenChange={(open) => !open && onClose()}
      title={upload ? t("cancelTitle", { name: upload.name }) : t("cancelAllTitle")}
      description={t(upload ? "cancelText" : "cancelAllText")}
      confirmLabel={t(upload ? "cancelNow" : "cancelAllNow")}
      onConfirm={() => {
        tabUploader().cancel(upload?.id)
        onClose()
      }}
    />
  )
}

type OverallProps = {
  uploads: readonly Upload[]
  totals: UploadTotals
  onCancelAll: () => void
}

function Overall({ uploads, totals, onCancelAll }: OverallProps) {
  const t = useTranslations("member.upload")
  const locale = useLocale()
  const left = secondsLeft(totals)
  const paused = uploads.filter(({ state }) => state === "paused").length
  const offline = uploads.some(({ state, retryAt }) => state === "waiting" && retryAt === null)
  const words = [
    t("overall", { stored: totals.stored, count: totals.count, failed: totals.failed }),
    totals.active + paused > 0 &&
      t("sentOf", {
        sent: formatBytes(totals.sentBytes, locale),
        size: formatBytes(totals.sizeBytes, locale),
      }),
    offline && t("offlineWait"),
    !offline &&
      totals.bytesPerSecond &&
      t("speed", { speed: formatBytes(totals.bytesPerSecond, locale) }),
    !offline &&
      left !== null &&
      totals.active > 0 &&
      t("left", { time: formatSeconds(left, locale) }),
  ]
  return (
    <div className="border-b border-line py-3.25">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <p className="text-sm font-medium">{words.filter(Boolean).join(" · ")}</p>
        <div className="-mx-3.25 flex flex-wrap">
          {totals.failed > 1 && (
            <Button variant="text" size="sm" onClick={() => tabUploader().retry()}>
              {t("retryAll", { count: totals.failed })}
            </Button>
          )}
          {totals.active > 0 && (
            <Button variant="text" size="sm" onClick={() => tabUploader().pause()}>
              {t("pauseAll")}
            </Button>
          )}
          {totals.active === 0 && paused > 0 && (
            <Button variant="text" size="sm" onClick={() => tabUploader().resume()}>
              {t("resumeAll")}
            </Button>
          )}
          {totals.active + paused > 1 && (
            <Button variant="text" size="sm" onClick={onCancelAll}>
              {t("cancelAll")}
            </Button>
          )}
        </div>
      </div>
      <div className="mt-2">
        <Progress
          label={t("progressAll")}
          fraction={totals.sizeBytes > 0 ? totals.sentBytes / totals.sizeBytes : 1}
        />
      </div>
    </div>
  )
}
