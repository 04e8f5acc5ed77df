"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState, useTransition } from "react"
import { ApiError } from "./api-call.ts"

export type Refused = { message: string; field?: string | undefined }

/**
 * Runs a call of the API from a component: whether it runs, and whether the last was done, or why it
 * was refused. A lost connection is reported like a refusal.
 */
export function useCall() {
  const t = useTranslations("member")
  const [pending, start] = useTransition()
  const [done, setDone] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)

  function reset() {
    setDone(false)
    setRefused(null)
  }

  function run<Result>(
    call: () => Promise<Result>,
    onDone: (result: Result) => void | Promise<void> = () => {},
    onRefused: (refused: Refused) => void = setRefused,
  ) {
    reset()
    start(async () => {
      try {
        await onDone(await call())
        setDone(true)
      } catch (error) {
        onRefused(refusedBy(error, t("noAnswer")))
      }
    })
  }

  return { run, pending, done, refused, reset }
}

/** As useCall, for a change: the page is refreshed when it is done. */
export function useChange() {
  const router = useRouter()
  const { run, ...rest } = useCall()
  const runChange: typeof run = (call, onDone = () => {}, onRefused) =>
    run(
      call,
      async (result) => {
        await onDone(result)
        router.refresh()
      },
      onRefused,
    )
  return { run: runChange, ...rest }
}

/** A refusal in words. Passes on what is no answer of the API: a bug. */
export function refusedBy(error: unknown, noAnswer: string): Refused {
  if (!(error instanceof ApiError)) throw error
  return { message: error.message || noAnswer, field: error.field ?? undefined }
}
