"use client"

import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { droppedFiles } from "#packages/uploader/picking/dropped-files.ts"
import { pickedFiles } from "#packages/uploader/picking/picked-files.ts"
import type { UploadSource } from "#packages/uploader/upload.ts"

/** The hover ends this long after a dragover. Browsers send one at least every 350 ms. */
const HOVER_MS = 600

/**
 * Handles files that are dropped or pasted anywhere in the window. Returns whether files are
 * hovering over it. `onFiles` must be a stable function.
 */
export function useDropAndPaste(onFiles: (sources: UploadSource[]) => void): boolean {
  const t = useTranslations("member.upload")
  const toast = useToast()
  const [isHovering, setHovering] = useState(false)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const endHover = () => {
      clearTimeout(timer)
      setHovering(false)
    }
    const dragover = (event: DragEvent) => {
      if (!event.dataTransfer || !hasFiles(event.dataTransfer)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = "copy"
      setHovering(true)
      // Enter and leave events occur for each element, and not in pairs, so a pause ends the hover.
      clearTimeout(timer)
      timer = setTimeout(endHover, HOVER_MS)
    }
    const dragleave = (event: DragEvent) => {
      if (event.relatedTarget === null) endHover()
    }
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !hasFiles(event.dataTransfer)) return
      event.preventDefault()
      endHover()
      void droppedFiles(event.dataTransfer).then(onFiles, () =>
        toast({ title: t("unreadableDrop"), tone: "danger" }),
      )
    }
    const paste = (event: ClipboardEvent) => {
      if (isTextField(event.target)) return
      const files = event.clipboardData?.files ?? []
      if (files.length > 0) event.preventDefault()
      void pickedFiles(files).then((sources) => onFiles(sources.map(numbered)))
    }
    const listeners = new AbortController()
    const { signal } = listeners
    window.addEventListener("dragover", dragover, { signal })
    window.addEventListener("dragleave", dragleave, { signal })
    window.addEventListener("drop", drop, { signal })
    window.addEventListener("paste", paste, { signal })
    return () => {
      clearTimeout(timer)
      listeners.abort()
    }
  }, [onFiles, toast, t])

  return isHovering
}

const hasFiles = (transfer: DataTransfer) => transfer.types.includes("Files")

/** Keeps both of two pasted pictures: browsers give every picture from the clipboard one name. */
const numbered = (source: UploadSource): UploadSource =>
  source.name === "image.png" ? { ...source, ifTaken: "keepBoth" } : source

const isTextField = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest("input, textarea, [contenteditable]") !== null
