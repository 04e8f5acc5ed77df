"use client"

import { useLocale, useTranslations } from "next-intl"
import { useRef, useState } from "react"
import { showLinksOf } from "#components/drops/drops.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { isSameName, matchPickedFiles } from "#components/upload/picking/match-picked-files.ts"
import { tabUploader } from "#components/upload/tab-uploader.ts"
import { useUploads } from "#components/upload/use-uploads.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { openFileDialog, pickedFiles } from "#packages/uploader/picking/picked-files.ts"
import type { UnfinishedUpload, UploadSource } from "#packages/uploader/upload.ts"

/** Why an upload was not continued, and whether choosing the file again can help. */
export type UnfinishedNote = { text: string; canPickAgain: boolean }

/**
 * Continues unfinished uploads with the stored file handle, or with a file that is chosen again.
 */
export function useContinueUnfinished() {
  const t = useTranslations("member.unfinished")
  const locale = useLocale()
  const toast = useToast()
  const { uploads } = useUploads()
  const input = useRef<HTMLInputElement>(null)
  /** The unfinished uploads for which the file picker is open. */
  const pickTargets = useRef<readonly UnfinishedUpload[]>([])
  const [notes, setNotes] = useState<ReadonlyMap<string, UnfinishedNote>>(new Map())
  /** The ids of the unfinished files, by the id of the upload that continues each. */
  const [attempts, setAttempts] = useState<ReadonlyMap<string, string>>(new Map())

  const addNote = (fileId: string, text: string, canPickAgain = true) =>
    setNotes((before) => new Map(before).set(fileId, { text, canPickAgain }))

  function addPicked(sources: UploadSource[], targets: readonly UnfinishedUpload[]) {
    if (sources.length === 0) return
    const { matched, others } = matchPickedFiles(sources, targets)
    const ids = tabUploader().add(matched.map(({ source }) => source))
    const added = matched.map(({ fileId }, index) => [ids[index] ?? "", fileId] as const)
    setAttempts((before) => new Map([...before, ...added]))
    showLinksOf(ids)
    const [target] = targets
    const [other] = others
    if (targets.length === 1 && target && other && matched.length === 0) {
      const size = (bytes: number) => formatBytes(bytes, locale)
      addNote(
        target.fileId,
        isSameName(other.name, target.name)
          ? t("otherSize", { size: size(target.size), other: size(other.body.size) })
          : t("otherName", { other: other.name }),
      )
    } else if (others.length > 0 && !isFolder(targets)) {
      toast({ title: t("othersLeft", { count: others.length }), tone: "danger" })
    }
  }

  async function pickFilesFor(targets: readonly UnfinishedUpload[]) {
    try {
      const picked = isFolder(targets) ? null : await openFileDialog()
      if (picked) return addPicked(picked, targets)
      if (input.current) input.current.webkitdirectory = isFolder(targets)
      pickTargets.current = targets
      input.current?.click()
    } catch {
      toast({ title: t("unreadable"), tone: "danger" })
    }
  }

  async function continueFromHandle({ fileId, name }: UnfinishedUpload) {
    const result = await tabUploader().continueUnfinished(fileId)
    if (result === "continued") showLinksOf(uploadIdsOf(fileId))
    if (result === "file_needed") addNote(fileId, t("pick"))
    if (result === "changed") addNote(fileId, t("changed", { name }), false)
  }

  function noteOf({ fileId }: UnfinishedUpload): UnfinishedNote | undefined {
    // The chosen file has the same name and size but other content, so it became a new file.
    const hasOtherContent =
      attempts.size > 0 &&
      uploads.some((one) => attempts.get(one.id) === fileId && one.fileId && one.fileId !== fileId)
    return hasOtherContent ? { text: t("otherContent"), canPickAgain: false } : notes.get(fileId)
  }

  return {
    continueFromHandle,
    pickFilesFor,
    noteOf,
    /** Whether the stored handle may still work. */
    canUseHandle: ({ fileId, hasHandle }: UnfinishedUpload) => hasHandle && !notes.has(fileId),
    /** Props of the file input for browsers whose file picker returns no handles. */
    inputProps: {
      ref: input,
      onChange({ currentTarget }: { currentTarget: HTMLInputElement }) {
        const targets = pickTargets.current
        void pickedFiles(currentTarget.files ?? []).then((picked) => addPicked(picked, targets))
        currentTarget.value = ""
      },
    },
  }
}

/** Whether a folder is chosen again, because several files came from one. */
const isFolder = (targets: readonly UnfinishedUpload[]) =>
  targets.length > 1 && targets.some(({ path }) => path !== "")

const uploadIdsOf = (fileId: string) =>
  tabUploader()
    .snapshot()
    .uploads.flatMap((upload) => (upload.fileId === fileId ? [upload.id] : []))
