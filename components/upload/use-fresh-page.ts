"use client"

import { useRouter } from "next/navigation"
import { useEffect, useState } from "react"
import { useUploads } from "./use-uploads.ts"

/** Reads the page again as soon as a file is stored: its lists and what is used. */
export function useFreshPage() {
  const router = useRouter()
  const { stored } = useUploads().totals
  const [seen, setSeen] = useState(stored)
  useEffect(() => {
    if (stored === seen) return
    // Many small files: not one refresh each.
    const timer = setTimeout(() => {
      setSeen(stored)
      if (stored > seen) router.refresh()
    }, 400)
    return () => clearTimeout(timer)
  }, [stored, seen, router])
}
