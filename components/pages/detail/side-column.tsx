"use client"

import { type ReactNode, useEffect, useRef, useState } from "react"

/**
 * The right column of a wide page, which stays in sight beside a longer one: at the top if it fits
 * into the window, and else with its end at the bottom. On narrow pages its parts stand in the
 * page's own order.
 */
export function SideColumn({ children }: { children: ReactNode }) {
  const column = useRef<HTMLDivElement>(null)
  const [height, setHeight] = useState(0)
  useEffect(() => {
    const { current } = column
    if (!current) return
    const observer = new ResizeObserver(() => setHeight(current.offsetHeight))
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return (
    <div
      ref={column}
      className="max-xl:contents xl:sticky xl:flex xl:w-88 xl:shrink-0 xl:flex-col xl:gap-y-6"
      style={{ top: `min(1.5rem, 100dvh - ${height}px - 1.5rem)` }}
    >
      {children}
    </div>
  )
}
