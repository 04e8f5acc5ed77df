"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { type Refused, refusedBy } from "./use-call.ts"

/** The number of rows in one call: few enough for a quick answer and a useful progress bar. */
const PART = 200

type Ended = {
  /** The number of changed rows. */
  count: number
  refused: Refused | null
}

/** Runs an API call in batches of ids, and then refreshes the page. Stops at the first refusal. */
export function useBulkChange() {
  const t = useTranslations("common")
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
