"use client"

import { useRouter } from "next/navigation"
import { useLocale, useTranslations } from "next-intl"
import { useRef, useState } from "react"
import { formatBytes } from "#lib/format-bytes.ts"
import { pickedFiles, pickFiles } from "#packages/uploader/dropped-files.ts"
import type { Unfinished, UploadSource } from "#packages/uploader/upload.ts"
import { RelativeTime } from "../format.tsx"
import type { FindShares, ShareOfFile } from "../shares/share-seams.ts"
import { SharesOfFiles } from "../shares/shares-of-files.tsx"
import { AlertDialog } from "../ui/alert-dialog.tsx"
import { Button } from "../ui/button.tsx"
import { FileKind } from "../ui/file-kind.tsx"
import { useToast } from "../ui/toast.tsx"
import { useAct } from "../use-act.ts"
import { sortPicked } from "./match-picked-files.ts"
import { rememberShared } from "./shared-uploads.ts"
import { tabUploader } from "./tab-uploader.ts"
import { useUploads } from "./use-uploads.ts"

const MAX_ROWS = 50

/** What became of a try to go on. */
type Note = { text: string; again: boolean }

type UnfinishedUploadsProps = {
  findShares: FindShares
  /** How long the app waits for one that nobody goes on with. */
  keptHours: number
}

/** Uploads that a closed tab, a crash or another device left behind, and the ways on. Nothing while there are none. */
export function UnfinishedUploads({ findShares, keptHours }: UnfinishedUploadsProps) {
  const t = useTranslations("member.unfinished")
  const locale = useLocale()
  const router = useRouter()
  const toast = useToast()
  const { unfinished, uploads } = useUploads()
  const input = useRef<HTMLInputElement>(null)
  const [now] = useState(() => new Date().toISOString())
  /** Those the present choice of files is for. */
  const wanted = useRef<readonly Unfinished[]>([])
  const [notes, setNotes] = useState<ReadonlyMap<string, Note>>(new Map())
  /** By the upload that was begun for it. */
  const [tried, setTried] = useState<ReadonlyMap<string, string>>(new Map())
  const [givingUp, setGivingUp] = useState<readonly Unfinished[]>([])
  const { act: ask } = useAct(findShares)
  if (unfinished.length === 0) return null

  const note = (fileId: string, text: string, again = true) =>
    setNotes((before) => new Map(before).set(fileId, { text, again }))

  /** The picked file looked the same, and its content is not: the uploader began it anew. */
  const isOther = ({ fileId }: Unfinished) =>
    uploads.some((one) => tried.get(one.id) === fileId && one.fileId && one.fileId !== fileId)

  /** Those that a link holds already need none any more. */
  function rememberLinks(fileIds: string[]) {
    if (fileIds.length === 0) return
    const open = ({ status }: ShareOfFile) => status === "open" || status === "scheduled"
    ask({ files: fileIds.join(" ") }, (shares) =>
      rememberShared(shares.filter(open).flatMap((share) => share.fileIds)),
    )
  }

  function take(sources: UploadSource[], those: readonly Unfinished[]) {
    if (sources.length === 0) return
    const { same, others } = sortPicked(sources, those)
    const ids = tabUploader().add(same.map(({ source }) => source))
    setTried(
      (before) =>
        new Map([...before, ...same.map(({ fileId }, i) => [ids[i] ?? "", fileId] as const)]),
    )
    rememberLinks(same.map(({ fileId }) => fileId))
    const [first] = those
    const [other] = others
    if (those.length === 1 && first && other && same.length === 0) {
      const size = (bytes: number) => formatBytes(bytes, locale)
      note(
        first.fileId,
        other.name.normalize() === first.name.normalize()
          ? t("otherSize", { size: size(first.size), other: size(other.body.size) })
          : t("otherName", { other: other.name }),
      )
    } else if (others.length > 0) {
      toast({ title: t("othersLeft", { count: others.length }), tone: "danger" })
    }
  }

  async function pick(those: readonly Unfinished[]) {
    try {
      const picked = await pickFiles()
      if (picked) return take(picked, those)
      wanted.current = those
      input.current?.click()
    } catch {
      toast({ title: t("unreadable"), tone: "danger" })
    }
  }

  async function goOn(one: Unfinished) {
    const began = await tabUploader().goOn(one.fileId)
    if (began === "begun") rememberLinks([one.fileId])
    if (began === "pick") note(one.fileId, t("pick"))
    if (began === "changed") note(one.fileId, t("changed", { name: one.name }), false)
  }

  const kept = unfinished.filter((one) => one.kept && !notes.has(one.fileId))
  const lost = unfinished.filter((one) => !kept.includes(one))
  const more = unfinished.length - MAX_ROWS
  return (
    <section aria-labelledby="unfinished" className="mb-8.5">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2 pb-3">
        <div>
          <h2 id="unfinished" className="text-note">
            {t("heading", { count: unfinished.length })}
          </h2>
          <p className="text-sm text-soft">
            {t("text", { count: unfinished.length, hours: keptHours })}
          </p>
        </div>
        {unfinished.length > 1 && (
          <div className="-mx-3.25 flex flex-wrap">
            {kept.length > 1 && (
              <Button
                variant="text"
                size="sm"
                onClick={async () => {
                  for (const one of kept) await goOn(one)
                }}
              >
                {t("goOnAll", { count: kept.length })}
              </Button>
            )}
            {lost.length > 1 && (
              <Button variant="text" size="sm" onClick={() => pick(lost)}>
                {t("chooseAll")}
              </Button>
            )}
            <Button variant="text" size="sm" onClick={() => setGivingUp(unfinished)}>
              {t("giveUpAll")}
            </Button>
          </div>
        )}
      </div>
      <ul aria-label={t("heading", { count: unfinished.length })}>
        {unfinished.slice(0, MAX_ROWS).map((one) => {
          const { fileId, name, path, size, storedBytes, startedAt } = one
          const other = isOther(one)
          const said = other ? { text: t("otherContent"), again: false } : notes.get(fileId)
          return (
            <li
              key={fileId}
              className="flex items-center gap-x-3.5 gap-y-2 border-t border-line py-3 max-sm:flex-wrap"
            >
              <FileKind name={name} />
              <div className="min-w-0 grow max-sm:basis-2/3">
                <p className="truncate" title={name}>
                  {name}
                </p>
                <p className="text-sm text-soft wrap-anywhere">
                  {path && `${path} · `}
                  {storedBytes > 0
                    ? t("storedOf", {
                        stored: formatBytes(storedBytes, locale),
                        size: formatBytes(size, locale),
                      })
                    : t("storedNone", { size: formatBytes(size, locale) })}
                  {" · "}
                  {t.rich("started", { when: () => <RelativeTime at={startedAt} now={now} /> })}
                </p>
                {said && (
                  <p role="alert" className="text-sm text-danger">
                    {said.text}
                  </p>
                )}
              </div>
              <div className="-mr-3.25 flex shrink-0 max-sm:-ml-3.25 max-sm:w-full">
                {kept.includes(one) ? (
                  <Button
                    variant="text"
                    size="sm"
                    aria-label={t("goOnOf", { name })}
                    onClick={() => goOn(one)}
                  >
                    {t("goOn")}
                  </Button>
                ) : (
                  said?.again !== false && (
                    <Button
                      variant="text"
                      size="sm"
                      aria-label={t("chooseOf", { name })}
                      onClick={() => pick([one])}
                    >
                      {t("choose")}
                    </Button>
                  )
                )}
                <Button
                  variant="text"
                  size="sm"
                  aria-label={t("giveUpOf", { name })}
                  onClick={() => setGivingUp([one])}
                >
                  {t("giveUp")}
                </Button>
              </div>
            </li>
          )
        })}
      </ul>
      {more > 0 && (
        <p className="border-t border-line pt-3 text-sm text-soft">
          {t("moreRows", { count: more })}
        </p>
      )}
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("chooseAll")}
        onChange={({ currentTarget }) => {
          take(pickedFiles(currentTarget.files ?? []), wanted.current)
          currentTarget.value = ""
        }}
      />
      <GiveUpDialog
        those={givingUp}
        findShares={findShares}
        onClose={() => setGivingUp([])}
        onGivenUp={(count) => {
          toast({ title: t("givenUp", { count }) })
          router.refresh()
        }}
      />
    </section>
  )
}

type GiveUpDialogProps = {
  those: readonly Unfinished[]
  findShares: FindShares
  onClose: () => void
  onGivenUp: (count: number) => void
}

/** Says what giving up does, and which shares will say so. */
function GiveUpDialog({ those, findShares, onClose, onGivenUp }: GiveUpDialogProps) {
  const t = useTranslations("member.unfinished")
  const locale = useLocale()
  // What is shown while the dialog fades.
  const [last, setLast] = useState(those)
  if (those.length > 0 && those !== last) setLast(those)
  const ids = last.map(({ fileId }) => fileId)
  const bytes = last.reduce((sum, { storedBytes }) => sum + storedBytes, 0)
  return (
    <AlertDialog
      open={those.length > 0}
      onOpenChange={(open) => !open && onClose()}
      title={t("giveUpTitle", { count: last.length, name: last[0]?.name ?? "" })}
      description={t("giveUpText", {
        count: last.length,
        some: bytes > 0 ? "yes" : "no",
        size: formatBytes(bytes, locale),
      })}
      confirmLabel={t("giveUpNow")}
      onConfirm={() => {
        tabUploader().giveUp(ids)
        onClose()
        onGivenUp(ids.length)
      }}
    >
      <SharesOfFiles
        key={ids.join()}
        fileIds={ids}
        findShares={findShares}
        none={t("inNoShare", { count: ids.length })}
        some={(shares) => t("inShares", { shares, count: ids.length })}
      />
    </AlertDialog>
  )
}
