"use client"

import { useActionState } from "react"
import { SubmitButton } from "#components/ui/submit-button.tsx"
import type { ActionState } from "#lib/web/action.ts"
import { checkStorageAction } from "./actions.ts"

// The browser has none of the words of the checks, so the page gives it these.
type CheckButtonProps = { words: { run: string; hint: string; busy: string } }

export function CheckButton({ words }: CheckButtonProps) {
  const [state, send] = useActionState<ActionState<null> | null, FormData>(checkStorageAction, null)
  return (
    <form action={send} className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <SubmitButton>{words.run}</SubmitButton>
      {state?.ok === false ? (
        <p role="alert" className="text-sm text-danger">
          {state.code === "conflict" ? words.busy : state.message}
        </p>
      ) : (
        <p className="text-sm text-soft">{words.hint}</p>
      )}
    </form>
  )
}
