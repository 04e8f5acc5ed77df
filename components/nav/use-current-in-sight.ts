"use client"

import { useEffect, useRef } from "react"

/** The row fades over this width where it goes on (app/globals.css). */
const FADE_PX = 40

/** Scrolls a row of links that is wider than a phone to the current link, clear of its fades. */
export function useCurrentInSight(current: string | undefined) {
  const row = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs again when another link becomes the current one
  useEffect(() => {
    const link = row.current?.querySelector<HTMLElement>("[aria-current=page]")
    if (!row.current || !link) return
    const [outer, inner] = [row.current.getBoundingClientRect(), link.getBoundingClientRect()]
    if (inner.left >= outer.left + FADE_PX && inner.right <= outer.right - FADE_PX) return
    row.current.scrollLeft += (inner.left + inner.right - outer.left - outer.right) / 2
  }, [current])
  return row
}
