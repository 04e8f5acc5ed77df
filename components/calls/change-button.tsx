"use client"

import type { ComponentProps } from "react"
import { Button } from "#components/ui/button.tsx"
import { ActionError } from "#components/ui/forms/action-error.tsx"
import { useChange } from "./use-call.ts"

type ChangeButtonProps<Result> = ComponentProps<typeof Button> & {
  call: () => Promise<Result>
  onDone?: (result: Result) => void
}

/** A button that changes something through the API, and shows a refusal below it. */
export function ChangeButton<Result>({ call, onDone, ...button }: ChangeButtonProps<Result>) {
  const { run, pending, refused } = useChange()
  return (
    <div className="grid">
      <Button {...button} pending={pending} onClick={() => run(call, onDone)} />
      {refused && <ActionError className="mt-2">{refused.message}</ActionError>}
    </div>
  )
}
