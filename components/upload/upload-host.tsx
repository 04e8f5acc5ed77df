"use client"

import Link from "next/link"
import { usePathname, useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { droppedFiles, pickedFiles } from "#packages/uploader/dropped-files.ts"
import type { UploadSource } from "#packages/uploader/upload.ts"
import { Ring } from "../ui/ring.tsx"
import { useToast } from "../ui/toast.tsx"
import { giveTabTo, tabUploader } from "./tab-uploader.ts"
import { useUploads } from "./use-uploads.ts"

const HOVER_MS = 600
const PAGES_WITH_UPLOADS = ["/shares", "/files"]

/** Takes drops and pastes anywhere in the app, and says on other pages how far uploads are. Once, in the shell. */
export function UploadHost({ memberId }: { memberId: string }) {
  const t = useTranslations("member.upload")
  const toast = useToast()
  const router = useRouter()
  const path = usePathname()
  const [over, setOver] = useState(false)
  const shown = PAGES_WITH_UPLOADS.includes(path)

  useEffect(() => {
    giveTabTo(memberId)
    void tabUploader().recall()
  }, [memberId])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const add = (sources: UploadSource[]) => {
      if (sources.length === 0) return
      tabUploader().add(sources)
      if (!shown) router.push("/shares")
    }
    const hide = () => {
      clearTimeout(timer)
      setOver(false)
    }
    const hover = (event: DragEvent) => {
      if (!event.dataTransfer || !hasFiles(event.dataTransfer)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = "copy"
      setOver(true)
      // Told again and again while something hovers. Enter and leave are told per element, and not always both.
      clearTimeout(timer)
      timer = setTimeout(hide, HOVER_MS)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) hide()
    }
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !hasFiles(event.dataTransfer)) return
      event.preventDefault()
      hide()
      void droppedFiles(event.dataTransfer).then(add, () =>
        toast({ title: t("unreadableDrop"), tone: "danger" }),
      )
    }
    const paste = (event: ClipboardEvent) => {
      if (isTyping(event.target)) return
      const files = pickedFiles(event.clipboardData?.files ?? [])
      if (files.length > 0) event.preventDefault()
      add(files)
    }
    window.addEventListener("dragover", hover)
    window.addEventListener("dragleave", leave)
    window.addEventListener("drop", drop)
    window.addEventListener("paste", paste)
    return () => {
      clearTimeout(timer)
      window.removeEventListener("dragover", hover)
      window.removeEventListener("dragleave", leave)
      window.removeEventListener("drop", drop)
      window.removeEventListener("paste", paste)
    }
  }, [router, shown, toast, t])

  return (
    <>
      {over && <DropHere />}
      {!shown && <Beacon />}
    </>
  )
}

const hasFiles = (transfer: DataTransfer) => transfer.types.includes("Files")

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest("input, textarea, [contenteditable]") !== null

function DropHere() {
  const t = useTranslations("member.upload")
  return (
    <div
      aria-hidden
      className="pointer-events-none fixed inset-0 z-70 grid place-items-center bg-[color-mix(in_srgb,var(--color-paper)_88%,transparent)] p-4"
    >
      <div className="grid size-full place-content-center justify-items-center gap-4 rounded-2xl border-2 border-dashed border-accent">
        <Ring fraction={0.72} size={76} />
        <p className="text-xl font-semibold tracking-[-0.015em]">{t("dropNow")}</p>
      </div>
    </div>
  )
}

/** How far the uploads are, for who went on to another page. */
function Beacon() {
  const t = useTranslations("member.upload")
  const { totals } = useUploads()
  if (totals.count === 0) return null
  const fraction = totals.sizeBytes > 0 ? totals.sentBytes / totals.sizeBytes : 1
  return (
    <Link
      href="/shares"
      prefetch={false}
      className="fixed right-4 bottom-22 z-30 flex items-center gap-2.5 rounded-full bg-raised py-2 pr-4 pl-2.5 text-sm font-semibold shadow-raised inset-ring inset-ring-line hover:bg-wash md:right-6 md:bottom-6"
    >
      <Ring fraction={fraction} size={22} />
      {totals.active > 0
        ? t("beacon", { count: totals.active, percent: fraction })
        : t("beaconDone", { stored: totals.stored, failed: totals.failed })}
    </Link>
  )
}
