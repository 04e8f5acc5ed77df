"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState, useTransition } from "react"
import { ApiError } from "./api-call.ts"

export type Refused = { message: string; field?: string | undefined }

/**
 * Runs an API call from a component, with its state: running, done or refused. A lost connection is
 * reported like a refusal.
 */
export function useCall() {
  const t = useTranslations("common")
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

/**
 * Runs an API call that changes something, like useCall, and refreshes the page when it is done.
 */
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

/** The message of a refusal. Rethrows an error that is not an ApiError, since it is a bug. */
export function refusedBy(error: unknown, noAnswer: string): Refused {
  if (!(error instanceof ApiError)) throw error
  return { message: error.message || noAnswer, field: error.field ?? undefined }
}
