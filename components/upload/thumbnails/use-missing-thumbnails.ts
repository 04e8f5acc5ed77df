"use client"

import { useEffect } from "react"

/** The page's own content is loaded first. */
const AFTER_MS = 3_000

/** Draws thumbnails that are missing, once `missing` is not "" and each time that it changes. */
export function useMissingThumbnails(missing: string) {
  useEffect(() => {
    if (missing === "") return
    const timer = setTimeout(() => void make().catch(() => {}), AFTER_MS)
    return () => clearTimeout(timer)
  }, [missing])
}

async function make() {
  const { makeMissingThumbnails } = await import("./make-missing.ts")
  await makeMissingThumbnails()
}
