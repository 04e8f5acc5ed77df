"use client"

import { useTranslations } from "next-intl"
import { useState, useTransition } from "react"
import type { ActionState } from "#lib/web/action.ts"
import { reportSessionEnded } from "./session-ended.ts"

/** A server action that takes a form. */
export type FormAction<Result> = (
  previous: ActionState<Result> | null,
  form: FormData,
) => Promise<ActionState<Result>>

type Fields = FormData | Record<string, string | readonly string[]>

export type Refused = { message: string; field?: string | undefined }

/** Calls a server action from a script. A lost connection is reported like a refusal. */
export function useAct<Result>(action: FormAction<Result>) {
  const t = useTranslations("member")
  const [pending, start] = useTransition()
  const [refused, setRefused] = useState<Refused | null>(null)

  function act(
    fields: Fields,
    onDone: (result: Result) => void | Promise<void>,
    onRefused: (refused: Refused) => void = setRefused,
  ) {
    setRefused(null)
    start(async () => {
      try {
        const form = fields instanceof FormData ? fields : toForm(fields)
        let answer = await action(null, form)
        if (!answer.ok && answer.code === "signed_out" && (await reportSessionEnded()))
          answer = await action(null, form)
        if (answer.ok) await onDone(answer.result)
        else onRefused({ message: answer.message, field: answer.field })
      } catch {
        onRefused({ message: t("noAnswer") })
      }
    })
  }

  return { act, pending, refused, reset: () => setRefused(null) }
}

function toForm(fields: Record<string, string | readonly string[]>) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields))
    for (const one of typeof value === "string" ? [value] : value) form.append(name, one)
  return form
}
