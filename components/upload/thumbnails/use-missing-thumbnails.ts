"use client"

import { useEffect } from "react"
import { useTeam } from "#components/nav/owner.ts"

/** The page's own content is loaded first. */
const AFTER_MS = 3_000

/** Draws thumbnails that are missing, once `missing` is not "" and each time that it changes. */
export function useMissingThumbnails(missing: string) {
  const team = useTeam()
  useEffect(() => {
    if (missing === "") return
    const timer = setTimeout(() => void make(team).catch(() => {}), AFTER_MS)
    return () => clearTimeout(timer)
  }, [missing, team])
}

async function make(team: string | null) {
  const { makeMissingThumbnails } = await import("./make-missing.ts")
  await makeMissingThumbnails(team)
}
