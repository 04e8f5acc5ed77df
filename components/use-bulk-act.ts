"use client"

import { useTranslations } from "next-intl"
import { useState } from "react"
import type { FormAction, Refused } from "./use-act.ts"

/** One call acts on so many rows, so that each answers soon and the progress can be shown. */
const PART = 200

type Ended = {
  /** Rows that were changed. */
  count: number
  refused: Refused | null
}

/** Calls a server action for any number of ids, part after part. It stops where one is refused. */
export function useBulkAct(action: FormAction<{ count: number }>, field: "ids" | "files" = "ids") {
  const t = useTranslations("member")
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null)

  async function run(ids: string[], fields: Record<string, string> = {}): Promise<Ended> {
    let count = 0
    setProgress({ done: 0, total: ids.length })
    try {
      for (let at = 0; at < ids.length; at += PART) {
        const form = new FormData()
        for (const [name, value] of Object.entries(fields)) form.set(name, value)
        form.set(field, ids.slice(at, at + PART).join(" "))
        const answer = await action(null, form)
        if (!answer.ok) return { count, refused: { message: answer.message } }
        count += answer.result.count
        setProgress({ done: Math.min(at + PART, ids.length), total: ids.length })
      }
      return { count, refused: null }
    } catch {
      return { count, refused: { message: t("noAnswer") } }
    } finally {
      setProgress(null)
    }
  }

  return { run, progress, pending: progress !== null }
}
