"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useState, useTransition } from "react"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { ApiError } from "./api-call.ts"

export type Refused = { message: string; field?: string | undefined }

/**
 * Runs an API call from a component, with its state: running, done or refused. A lost connection is
 * reported like a refusal. With `onRefused` the state keeps no refusal.
 */
export function useCall(onRefused?: (refused: Refused) => void) {
  const t = useTranslations("common")
  const [pending, start] = useTransition()
  const [done, setDone] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)

  /** The refusal of a field; undefined where another field or none was refused. */
  const errorOf = (field: string) => (refused?.field === field ? refused.message : undefined)

  function reset() {
    setDone(false)
    setRefused(null)
  }

  function run<Result>(
    call: () => Promise<Result>,
    onDone: (result: Result) => void | Promise<void> = () => {},
    refuse = onRefused ?? setRefused,
  ) {
    reset()
    start(async () => {
      try {
        await onDone(await call())
        setDone(true)
      } catch (error) {
        refuse(refusedBy(error, t("noAnswer")))
      }
    })
  }

  return { run, pending, done, refused, errorOf, reset }
}

/** Runs an API call that changes something, like useCall, and then refreshes the page. */
export const useChange = () => useRefreshing(useCall())

/** Makes a call refresh the page when it is done. */
function useRefreshing({ run, ...rest }: ReturnType<typeof useCall>) {
  const router = useRouter()
  const runChange: typeof run = (call, onDone = () => {}, refuse) =>
    run(
      call,
      async (result) => {
        await onDone(result)
        router.refresh()
      },
      refuse,
    )
  return { run: runChange, ...rest }
}

/** Like useCall, for an action without a place to show a refusal, which appears as a toast. */
export function useToastedCall() {
  const toast = useToast()
  return useCall(({ message }) => toast({ title: message, tone: "danger" }))
}

/** Like useChange, for an action without a place to show a refusal, which appears as a toast. */
export const useToastedChange = () => useRefreshing(useToastedCall())

/** The message of a refusal. Rethrows an error that is not an ApiError, since it is a bug. */
export function refusedBy(error: unknown, noAnswer: string): Refused {
  if (!(error instanceof ApiError)) throw error
  return { message: error.message || noAnswer, field: error.field ?? undefined }
}
