"use client"

import { type ReactNode, useActionState } from "react"
import type { ActionState } from "#lib/web/action.ts"
import { ActionError } from "./ui/action-error.tsx"
import { type FormAction, useAct } from "./use-act.ts"

type ActionFormProps<Result> = {
  action: FormAction<Result>
  /** Hidden fields. */
  fields: Record<string, string>
  onDone?: (result: Result) => void
  /** Its button, given whether the action runs. */
  children: (pending: boolean) => ReactNode
  className?: string
}

/** A form of one button. It works without JavaScript, and shows a refusal below the button. */
export function ActionForm<Result>({
  action,
  fields,
  onDone = () => {},
  children,
  className,
}: ActionFormProps<Result>) {
  const [state, send] = useActionState<ActionState<Result> | null, FormData>(action, null)
  const { act, pending, refused } = useAct(action)
  const message = refused?.message ?? (state?.ok === false ? state.message : null)
  return (
    <form
      action={send}
      className={className}
      onSubmit={(event) => {
        event.preventDefault()
        act(new FormData(event.currentTarget), onDone)
      }}
    >
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children(pending)}
      {message && <ActionError className="mt-2">{message}</ActionError>}
    </form>
  )
}
