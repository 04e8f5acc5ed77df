"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { type Refused, refusedBy } from "./use-call.ts"

/** Rows of one call, so that each is answered soon and the progress can be shown. */
const PART = 200

type Ended = {
  /** Rows that were changed. */
  count: number
  refused: Refused | null
}

/**
 * Calls the API for any number of ids, part after part, and refreshes the page at the end. It stops
 * where a part is refused.
 */
export function useBulkChange() {
  const t = useTranslations("member")
  const router = useRouter()
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null)

  async function run(
    ids: string[],
    call: (part: string[]) => Promise<{ count: number }>,
  ): Promise<Ended> {
    let count = 0
    setProgress({ done: 0, total: ids.length })
    try {
      for (let at = 0; at < ids.length; at += PART) {
        count += (await call(ids.slice(at, at + PART))).count
        setProgress({ done: Math.min(at + PART, ids.length), total: ids.length })
      }
      return { count, refused: null }
    } catch (error) {
      return { count, refused: refusedBy(error, t("noAnswer")) }
    } finally {
      setProgress(null)
      router.refresh()
    }
  }

  return { run, progress, pending: progress !== null }
}
